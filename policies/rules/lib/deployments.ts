import type { ResourceView } from "../../../stacks/contract/finding.ts";
import { namespaceOf, nameOf } from "./objects.ts";
import { fields } from "./read.ts";

const HPAS = ["v1", "v2"].map((v) => `kubernetes:autoscaling/${v}:HorizontalPodAutoscaler`);

/** The Deployments of a stack. */
export const deploymentsIn = (resources: readonly ResourceView[]): ResourceView[] =>
  resources.filter(({ type }) => type === "kubernetes:apps/v1:Deployment");

/** How few replicas a Deployment may run with: its autoscaler's minimum, or its own number. */
export function leastReplicas(
  deployment: ResourceView,
  resources: readonly ResourceView[],
): { readonly count: number; readonly urn: string; readonly path: string } {
  const scaler = resources.find(
    (one) =>
      HPAS.includes(one.type) &&
      namespaceOf(one) === namespaceOf(deployment) &&
      targets(one, nameOf(deployment)),
  );
  const [owner, field] = scaler
    ? ([scaler, "minReplicas"] as const)
    : ([deployment, "replicas"] as const);
  // The API's default is 1 for both.
  const count = fields(owner.props["spec"])[field] ?? 1;
  return { count: Number(count), urn: owner.urn, path: `spec.${field}` };
}

function targets(scaler: ResourceView, deployment: string): boolean {
  const target = fields(fields(scaler.props["spec"])["scaleTargetRef"]);
  return target["kind"] === "Deployment" && target["name"] === deployment;
}
