import { z } from "zod";
import type { DriverAnswer, DriverRequest } from "../../stacks/contract/driver.ts";
import { LABELS, cut, letterFirst } from "../../stacks/contract/names.ts";
import type { Edge, Peer } from "../../stacks/contract/plan.ts";
import { cpuText, millicores, parseQuantity } from "../../stacks/contract/quantity.ts";
import type { Reference, Template } from "../../stacks/contract/value.ts";

/** CPU request and memory (request and limit) of a server, by size. */
export type Sizes = Readonly<
  Record<"small" | "medium" | "large", { readonly cpu: string; readonly memory: string }>
>;

/** What most servers need. */
const SIZES: Sizes = {
  small: { cpu: "100m", memory: "256Mi" },
  medium: { cpu: "500m", memory: "1Gi" },
  large: { cpu: "2", memory: "4Gi" },
};

/** A Kubernetes quantity above nothing. */
export const quantity = z
  .string()
  .refine((text) => (parseQuantity(text) ?? 0) > 0, "expected a Kubernetes quantity such as 10Gi");

/** Params of every driver that runs a server. */
export const serverParams = {
  size: z.enum(["small", "medium", "large"]).describe("CPU and memory").default("small"),
  storage: quantity.describe("Size of the volume; may grow, never shrink").default("1Gi"),
  rotation: z
    .int()
    .min(1)
    .max(1_000)
    .describe(
      "Raise it to change the password, in the server too; lowering it does not bring the old one back",
    )
    .default(1),
  image: z
    .string()
    .min(1)
    .describe("Image instead of the platform's, such as a mirror's or a digest")
    .optional(),
};

/** Checked params of every driver that runs a server. */
export type ServerParams = z.infer<z.ZodObject<typeof serverParams>>;

/** What is the same in the arguments of every component that runs a server. Plain data. */
export interface ServerSpec {
  /** Name of all objects, and the host's first label. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Labels of the server's pods that nothing ever changes. */
  readonly selector: Readonly<Record<string, string>>;
  readonly image: string;
  /** Names of Secrets in the namespace. */
  readonly pullSecrets: readonly string[];
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
  /** Size of the claim. */
  readonly storage: string;
  /** Default: the cluster's default class. */
  readonly storageClass?: string;
}

/** What the registry derives a password from. */
export interface PasswordSource {
  readonly identity: string;
  readonly rotation: number;
}

/** The part of a server's arguments that every driver fills in the same way. */
export function serverSpec(
  request: DriverRequest<ServerParams>,
  image: string,
  sizes: Sizes = SIZES,
): ServerSpec & PasswordSource {
  const { environment, params } = request;
  const { cpu, memory } = sizes[params.size];
  return {
    name: objectName(request.name),
    namespace: request.namespace,
    labels: request.labels,
    selector: selectorOf(request.service, request.id),
    image: params.image ?? image,
    pullSecrets: environment.images.pullSecrets,
    requests: { cpu, memory },
    limits: {
      cpu: cpuText(Math.ceil((millicores(cpu) ?? 0) * environment.limits.cpuLimitRatio)),
      memory,
    },
    storage: params.storage,
    ...(environment.storageClass !== undefined && { storageClass: environment.storageClass }),
    identity: request.identity,
    rotation: params.rotation,
  };
}

/** Name of a server's objects: a StatefulSet's pods carry it in a label with 11 more characters. */
const objectName = (name: string): string => cut(letterFirst(name), 52);

/** Labels that select the pods of an item. */
const selectorOf = (service: string, item: string): Record<string, string> => ({
  [LABELS.name]: service,
  [LABELS.component]: item,
});

/** Name that reaches a Service from every namespace, whatever the cluster's domain is called. */
export const hostOf = (name: string, namespace: string): string => `${name}.${namespace}.svc`;

/** An output of the item itself that is known only while the program runs. */
export const ownSecret = (request: DriverRequest<unknown>, output = "password"): Template => ({
  $template: [ownReference(request, output)],
});

/** The same, to be part of a longer text. */
export const ownReference = (request: DriverRequest<unknown>, output = "password"): Reference => ({
  ref: request.id,
  output,
  secret: true,
});

/** SQL identifier of the database and the role that owns it: the service's name with `_`, at most 32 characters. */
export function sqlName(service: string): string {
  return service
    .replaceAll("-", "_")
    .replace(/^[0-9]/, "s_$&")
    .slice(0, 32);
}

/** Item that the pods of the Job belong to which changes a password, so that the server's Service never selects them. */
export const rotateItem = (id: string): string => `${id}-rotate`;

/** Ports the server listens on, restarts with the password, and what the rotating Job must reach. */
export function serverAnswer(
  request: DriverRequest<ServerParams>,
  ports: readonly number[],
  rotatePorts: readonly number[] = ports,
): Pick<DriverAnswer, "listens" | "edges" | "revision"> {
  const { rotation } = request.params;
  const job: Peer = { kind: "self", item: rotateItem(request.id) };
  const origin = {
    from: "default",
    reason: "the Job that changes the password logs in to the server",
  } as const;
  const tcp = (port: number): Edge => ({
    from: job,
    to: { kind: "self", item: request.id },
    port,
    protocol: "TCP",
    origin,
  });
  const dns = (protocol: "TCP" | "UDP"): Edge => ({
    from: job,
    to: { kind: "entity", entity: "dns" },
    port: 53,
    protocol,
    origin,
  });
  return {
    listens: ports.map((port) => ({ port, protocol: "TCP" })),
    edges:
      rotation > 1 && rotatePorts.length > 0
        ? [...rotatePorts.map(tcp), dns("UDP"), dns("TCP")]
        : [],
    revision: String(rotation),
  };
}
