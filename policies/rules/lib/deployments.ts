import type { ResourceView } from "../../../stacks/contract/finding.ts";
import { namespaceOf, nameOf } from "./objects.ts";
import { fields } from "./read.ts";

/** Type of an autoscaler → field of its spec with the least replicas, and what counts without it. */
const SCALERS: Readonly<Record<string, readonly [field: string, usual: number]>> = {
  "kubernetes:autoscaling/v1:HorizontalPodAutoscaler": ["minReplicas", 1],
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": ["minReplicas", 1],
  "kubernetes:keda.sh/v1alpha1:ScaledObject": ["minReplicaCount", 0],
};

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
      Object.hasOwn(SCALERS, one.type) &&
      namespaceOf(one) === namespaceOf(deployment) &&
      targets(one, nameOf(deployment)),
  );
  const owner = scaler ?? deployment;
  const [field, usual] = SCALERS[owner.type] ?? ["replicas", 1];
  const count = fields(owner.props["spec"])[field] ?? usual;
  return { count: Number(count), urn: owner.urn, path: `spec.${field}` };
}

function targets(scaler: ResourceView, deployment: string): boolean {
  const target = fields(fields(scaler.props["spec"])["scaleTargetRef"]);
  // KEDA's default kind is the only one that may be left out.
  return (target["kind"] ?? "Deployment") === "Deployment" && target["name"] === deployment;
}
