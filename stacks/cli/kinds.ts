import {
  MONITORING_API,
  type MonitoringSpec,
  monitoringKinds,
} from "../../components/monitoring/monitoring.plan.ts";
import type { Environment } from "../contract/environment.ts";
import type { Plan, PlanItem } from "../contract/plan.ts";
import { problem, type Problem } from "../contract/problem.ts";
import { openDiscovery } from "../providers/kubernetes/discovery.ts";
import { withCluster } from "./cluster.ts";
import type { Context } from "./command.ts";

/**
 * Plans with a refusal for each item whose objects are of a kind that the environment's cluster does not serve. The
 * embedded control plane is not asked: the platform stack brings it what services need.
 */
export async function refuseUnservedKinds(
  context: Context,
  environment: Environment,
  plans: readonly Plan[],
): Promise<readonly Plan[]> {
  const kinds = [...new Set(plans.flatMap((plan) => plan.items.flatMap(kindsOf)))];
  if ("embedded" in environment.cluster || kinds.length === 0) return plans;
  return withCluster(context, environment, async ({ client }) => {
    const discovery = openDiscovery(client);
    const isServed = async (kind: string): Promise<boolean> =>
      (await discovery.find({ apiVersion: MONITORING_API, kind, namespace: "", name: "" })) !==
      undefined;
    const served = await Promise.all(kinds.map(isServed));
    const absent = new Set(kinds.filter((_, index) => !served[index]));
    return plans.map((plan) => ({
      ...plan,
      refusals: [...plan.refusals, ...refusalsOf(plan, environment, absent)],
    }));
  });
}

const kindsOf = ({ component, args }: PlanItem): string[] =>
  component === "monitoring" ? monitoringKinds(args as unknown as MonitoringSpec) : [];

function refusalsOf(plan: Plan, environment: Environment, absent: ReadonlySet<string>): Problem[] {
  return plan.items.flatMap((item) => {
    const kinds = kindsOf(item).filter((kind) => absent.has(kind));
    if (kinds.length === 0) return [];
    const origin = item.origins[""];
    return problem(
      "FW6001",
      `${plan.name} is to be watched, but the cluster of ${environment.name} does not serve ${kinds.join(" and ")} (${MONITORING_API})`,
      {
        hint: "install the Prometheus Operator's CustomResourceDefinitions in that cluster, or turn `monitoring` off",
        ...(origin && "file" in origin && { file: origin.file, path: origin.path }),
      },
    );
  });
}
