import type { StackRule } from "../../../stacks/contract/finding.ts";
import { deploymentsIn, leastReplicas } from "../lib/deployments.ts";
import { each } from "../lib/each.ts";
import { nameOf } from "../lib/objects.ts";

export const replicas: StackRule = {
  scope: "stack",
  name: "replicas",
  description: "Every Deployment runs at least as many replicas as the environment demands.",
  why: "One replica is an outage at every node drain and every crash.",
  fix: "Raise the minimum of the service's scaling.",
  severity: "medium",
  level: "mandatory",
  fields: {
    ServiceRequest: ["spec.scaling.min", "spec.scaling", "spec.tier"],
    Score: ["resources", "metadata"],
  },
  frameworks: [],
  check(resources, { minReplicas, environment }) {
    const deployments = deploymentsIn(resources);
    return each(deployments.length, (index) => {
      const deployment = deployments[index]!;
      const { count, urn, path } = leastReplicas(deployment, resources);
      return count >= minReplicas
        ? []
        : [
            {
              urn,
              path,
              message: `Deployment "${nameOf(deployment)}" runs ${count} at least; ${environment} demands ${minReplicas}`,
            },
          ];
    });
  },
};
