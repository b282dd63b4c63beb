import type { ResourceView, StackRule } from "../../../stacks/contract/finding.ts";
import { deploymentsIn, leastReplicas } from "../lib/deployments.ts";
import { each } from "../lib/each.ts";
import { namespaceOf, nameOf, selects } from "../lib/objects.ts";
import { podOf } from "../lib/pods.ts";
import { fields } from "../lib/read.ts";

export const podDisruptionBudget: StackRule = {
  scope: "stack",
  name: "pod-disruption-budget",
  description:
    "Every Deployment has a disruption budget that still lets a node be drained, where the environment demands two replicas or more.",
  why: "Without a budget a drain may end all replicas at once; with one of zero no node can be drained at all.",
  fix: "Leave the PodDisruptionBudget as the platform writes it.",
  severity: "medium",
  level: "mandatory",
  fields: {
    ServiceRequest: ["spec.scaling", "spec.patches"],
    Score: ["resources", "metadata"],
  },
  frameworks: [],
  check(resources, { minReplicas }) {
    if (minReplicas < 2) return [];
    const deployments = deploymentsIn(resources);
    const budgets = resources.filter(
      ({ type }) => type === "kubernetes:policy/v1:PodDisruptionBudget",
    );
    return each(deployments.length, (index) => {
      const deployment = deployments[index]!;
      const budget = budgets.find((one) => covers(one, deployment));
      if (!budget)
        return [
          {
            urn: deployment.urn,
            message: `Deployment "${nameOf(deployment)}" has no PodDisruptionBudget`,
          },
        ];
      return forbidsAll(budget, leastReplicas(deployment, resources).count)
        ? [
            {
              urn: budget.urn,
              path: "spec",
              message: `the budget of Deployment "${nameOf(deployment)}" allows no disruption`,
            },
          ]
        : [];
    });
  },
};

function covers(budget: ResourceView, deployment: ResourceView): boolean {
  const labels = fields(podOf(deployment)?.metadata["labels"]);
  const { selector } = fields(budget.props["spec"]);
  return (
    namespaceOf(budget) === namespaceOf(deployment) &&
    selector != null &&
    selects(fields(selector), labels)
  );
}

function forbidsAll(budget: ResourceView, replicas: number): boolean {
  const { maxUnavailable, minAvailable } = fields(budget.props["spec"]);
  if (maxUnavailable != null) return maxUnavailable === 0 || maxUnavailable === "0%";
  return minAvailable === "100%" || (typeof minAvailable === "number" && minAvailable >= replicas);
}
