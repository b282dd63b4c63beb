import type { Input } from "@pulumi/pulumi";
import type { EksObjectsSpec } from "./aws.plan.ts";
import objects from "./load-balancer/controller.json" with { type: "json" };

/** A manifest as an object of Kubernetes; those of a later wave need those before. */
export interface ControllerObject {
  readonly suffix: string;
  readonly wave: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

type Controller = NonNullable<EksObjectsSpec<Input<string>>["controller"]>;

/** What must be there before what comes after it; webhooks come last, since they stop what they cannot ask about. */
const WAVES: Readonly<Record<string, number>> = {
  CustomResourceDefinition: 0,
  ServiceAccount: 0,
  Issuer: 0,
  Certificate: 1,
  MutatingWebhookConfiguration: 3,
  ValidatingWebhookConfiguration: 3,
};

/** The manifests of the AWS Load Balancer Controller (source and licence: load-balancer/README.md), for a cluster. */
export function controllerObjects(
  controller: Controller,
  labels: Readonly<Record<string, string>>,
): ControllerObject[] {
  return objects
    .map((object) => {
      const { kind, metadata, ...rest } = object as unknown as ControllerObject;
      const name = String(metadata["name"]);
      const own = (metadata["labels"] ?? {}) as Readonly<Record<string, string>>;
      return {
        ...(kind === "Deployment" ? { ...rest, spec: told(rest["spec"], controller) } : rest),
        kind,
        metadata: { ...metadata, labels: { ...labels, ...own } },
        suffix: `${kind.toLowerCase()}-${name}`,
        wave: WAVES[kind] ?? 2,
      } as ControllerObject;
    })
    .sort((a, b) => a.wave - b.wave);
}

interface DeploymentSpec {
  readonly template: {
    readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
  };
}

/** What the controller cannot find out by itself: pods may not ask the instance. */
function told(spec: unknown, { cluster, region, vpcId }: Controller): object {
  const { template, ...rest } = spec as DeploymentSpec;
  const [container] = template.spec.containers;
  return {
    ...rest,
    template: {
      ...template,
      spec: {
        ...template.spec,
        containers: [
          {
            ...container,
            args: [
              ...container!.args,
              `--cluster-name=${cluster}`,
              `--aws-region=${region}`,
              "--aws-vpc-id=$(VPC_ID)",
            ],
            env: [{ name: "VPC_ID", value: vpcId }],
          },
        ],
      },
    },
  };
}
