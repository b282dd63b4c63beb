import { type ComponentResourceOptions, type Output, output, runtime } from "@pulumi/pulumi";
import { buildContext } from "../../../components/base/context.ts";
import { findDriver } from "../../../components/catalog.ts";
import { REGISTRY } from "../../../components/registry.ts";
import {
  type EnvironmentDocument,
  environmentSchema,
} from "../../../stacks/contract/environment.ts";
import type { Driver, DriverRequest } from "../../../stacks/contract/driver.ts";
import type { Json } from "../../../stacks/contract/value.ts";
import { isTemplate } from "../../../stacks/contract/value.ts";

/** A Kubernetes object as a driver registers it, secrets in clear. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** What a driver makes of a resource: its objects, and its outputs as a service sees them. */
export interface Driven {
  readonly objects: readonly KubernetesObject[];
  readonly outputs: Readonly<Record<string, string>>;
}

const SPEC = { service: "shop-api", namespace: "shop-api", id: "store" };
const LABELS = {
  "app.kubernetes.io/managed-by": "fairway",
  "fairway.dev/environment": "test",
  "fairway.dev/owner": "shop",
  "fairway.dev/service": SPEC.service,
  "fairway.dev/tier": "standard",
};

/** The least an environment says, for drivers that are asked alone. */
const TEST_ENVIRONMENT = {
  ...environmentSchema.parse({
    apiVersion: "platform.company.com/v1",
    kind: "Environment",
    metadata: { name: "test" },
    spec: {
      cluster: { embedded: true },
      domain: "test.example",
      registry: "registry.example.com",
      registries: ["*"],
      resources: [],
    },
  } satisfies Record<
    keyof Pick<EnvironmentDocument, "apiVersion" | "kind" | "metadata">,
    unknown
  > & {
    spec: unknown;
  }).spec,
  name: "test",
  file: "environments/test.yaml",
};

/** The same in an account of AWS, whose platform's stack makes everything. */
const AWS_ENVIRONMENT = {
  ...TEST_ENVIRONMENT,
  cloud: environmentSchema.shape.spec.shape.cloud.parse({
    provider: "aws",
    region: "eu-central-1",
    account: "444444444444",
  }),
};

/** What a driver is asked for a resource of the service `shop-api`, which publishes one port and knows `shop-web`. */
export function requestOf(
  face: Driver,
  params: Readonly<Record<string, Json>> = {},
): DriverRequest<unknown> {
  const { service, namespace, id } = SPEC;
  const web = { web: { port: 80, targetPort: 8080, protocol: "TCP" } } as const;
  return {
    id,
    name: id,
    type: face.type,
    class: "default",
    params: face.params.parse(params),
    identity: `${service}.test/${id}`,
    stack: `${service}.test`,
    service,
    namespace,
    labels: LABELS,
    dataClass: "internal",
    environment: face.cloud === "aws" ? AWS_ENVIRONMENT : TEST_ENVIRONMENT,
    directory: {
      services: Object.fromEntries(
        [service, "shop-web"].map((name) => [
          name,
          { stack: `${name}.test`, namespace: name, host: name, ports: web },
        ]),
      ),
    },
    ports: web,
  };
}

/** Asks a driver and builds its component: the path of every resource of a service, without engine and cluster. */
export async function drive(
  driverName: string,
  params: Readonly<Record<string, Json>> = {},
): Promise<Driven> {
  const face = findDriver(driverName);
  const build = REGISTRY[driverName];
  if (!face || !build) throw new Error(`no driver ${driverName} that builds`);
  const { service, namespace, id } = SPEC;
  const answer = face.plan(requestOf(face, params));

  const objects: KubernetesObject[] = [];
  await runtime.setMocks(
    {
      newResource: ({ id: given, name, type, inputs }) => {
        if (type.startsWith("kubernetes:")) objects.push(open(inputs) as KubernetesObject);
        return { id: given ?? `${name}-id`, state: inputs };
      },
      call: ({ inputs }) => inputs,
    },
    "fairway",
    `${service}.test`,
    false,
  );
  let built: Readonly<Record<string, unknown>> = {};
  const context = buildContext({
    namespace,
    labels: LABELS,
    key: new Uint8Array(32).fill(7),
    lookup: (reference) => built[reference.output] as Output<string>,
  });
  built = build(`${service}-${id}`, answer.args ?? {}, context, {}).outputs;
  const outputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.outputs)) {
    const text = isTemplate(value) || typeof value === "string" ? value : JSON.stringify(value);
    outputs[name] = await known(output(context.resolve(text)));
  }
  await runtime.disconnect();
  return { objects, outputs };
}

const KEY_ARN = "arn:aws:kms:eu-central-1:444444444444:key/00000000-0000-4000-8000-000000000000";

/**
 * What a Pulumi program does with a driver's answer: builds its component from the plan. Keys have an ARN; what other
 * items give is written `<item.output>`.
 */
export const plannedProgram =
  (
    driverName: string,
    params: Readonly<Record<string, Json>> = {},
    opts: ComponentResourceOptions = {},
  ) =>
  async (): Promise<void> => {
    const face = findDriver(driverName);
    const build = REGISTRY[face?.component ?? driverName];
    if (!face || !build) throw new Error(`no driver ${driverName} that builds`);
    const { service, namespace, id } = SPEC;
    const context = buildContext({
      namespace,
      labels: LABELS,
      key: new Uint8Array(32).fill(7),
      lookup: ({ ref, output: name }) => (name.startsWith("key-") ? KEY_ARN : `<${ref}.${name}>`),
    });
    build(`${service}-${id}`, face.plan(requestOf(face, params)).args ?? {}, context, opts);
  };

const known = (value: Output<string>): Promise<string> =>
  new Promise((resolve) => value.apply(resolve));

/** The value without the marks of secrets. */
function open(value: unknown): unknown {
  if (runtime.isRpcSecret(value)) return open((value as { value: unknown }).value);
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, open(member)]));
}
