import type { Environment } from "../contract/environment.ts";
import { cloudStack } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import { type Problem, problem } from "../contract/problem.ts";

/** What comes before everything else of an environment, and what is to be done after it. */
export interface FirstCluster {
  /** The stack that makes the cluster. */
  readonly plan: Plan;
  readonly next: Problem;
}

/**
 * The stack that makes an environment's cluster, while there is none: nothing else can be looked at before it (ADR 0012).
 * Undefined where the cluster is there, or is not the platform's to make.
 * @param outputs Outputs of a stack that has state.
 */
export async function firstCluster(
  { name, file, cloud, cluster }: Environment,
  plans: readonly Plan[],
  outputs: (stack: string) => Promise<Readonly<Record<string, unknown>> | undefined>,
): Promise<FirstCluster | undefined> {
  if (cloud.provider !== "aws" || !("create" in cloud.eks) || !("eks" in cluster)) return undefined;
  const plan = plans.find(({ stack }) => stack === cloudStack(name));
  if (!plan || (await outputs(plan.stack))?.["clusterSecurityGroup"] !== undefined)
    return undefined;
  const next = problem(
    "FW7033",
    `the cluster ${cluster.eks} is made by ${plan.stack}, and everything else of ${name} comes after it`,
    {
      file,
      path: "spec.cloud.eks",
      hint: `when ${plan.stack} is up, run \`aws eks update-kubeconfig --name ${cluster.eks} --region ${cloud.region}\`, then the same again; in the pipeline set its variable EKS_CLUSTER instead`,
    },
  );
  return { plan, next };
}
