import {
  MONITORING_API,
  type MonitoringSpec,
  monitoringKinds,
} from "../../components/monitoring/monitoring.plan.ts";
import { SCALING_API, type WorkloadSpec } from "../../components/workload/workload.plan.ts";
import type { Environment } from "../contract/environment.ts";
import type { Plan, PlanItem } from "../contract/plan.ts";
import { problem, type Problem } from "../contract/problem.ts";
import { openDiscovery } from "../providers/kubernetes/discovery.ts";
import { withCluster } from "./cluster.ts";
import type { Context } from "./command.ts";

/** Kinds of one API that an item needs. */
interface Need {
  readonly apiVersion: string;
  readonly kinds: readonly string[];
  /** What for: follows the service's name. */
  readonly purpose: string;
  readonly hint: string;
  /** Path of the args that asks for it. */
  readonly path: string;
}

/**
 * Plans with a refusal for each item whose objects are of a kind that the environment's cluster does not serve. The
 * embedded control plane is not asked: the platform stack brings it what services need.
 */
export async function refuseUnservedKinds(
  context: Context,
  environment: Environment,
  plans: readonly Plan[],
): Promise<readonly Plan[]> {
  const needs = plans.flatMap((plan) => plan.items.flatMap(needsOf));
  const kinds = new Map(
    needs.flatMap(({ apiVersion, kinds }) =>
      kinds.map((kind) => [`${apiVersion}/${kind}`, { apiVersion, kind }] as const),
    ),
  );
  if ("embedded" in environment.cluster || kinds.size === 0) return plans;
  return withCluster(context, environment, async ({ client }) => {
    const discovery = openDiscovery(client);
    const served = await Promise.all(
      [...kinds].map(async ([key, kind]) =>
        (await discovery.find({ ...kind, namespace: "", name: "" })) ? [] : [key],
      ),
    );
    const absent = new Set(served.flat());
    return plans.map((plan) => ({
      ...plan,
      refusals: [...plan.refusals, ...refusalsOf(plan, environment, absent)],
    }));
  });
}

function needsOf({ component, args }: PlanItem): Need[] {
  if (component === "monitoring")
    return [
      {
        apiVersion: MONITORING_API,
        kinds: monitoringKinds(args as unknown as MonitoringSpec),
        purpose: "is to be watched",
        hint: "install the Prometheus Operator's CustomResourceDefinitions in that cluster, or turn `monitoring` off",
        path: "",
      },
    ];
  return (args as unknown as WorkloadSpec).scaling?.windows
    ? [
        {
          apiVersion: SCALING_API,
          kinds: ["ScaledObject"],
          purpose: "is to be scaled by the clock",
          hint: "install KEDA in that cluster, or take `schedule` out of `scaling`",
          path: "scaling.windows",
        },
      ]
    : [];
}

function refusalsOf(plan: Plan, environment: Environment, absent: ReadonlySet<string>): Problem[] {
  return plan.items.flatMap((item) =>
    needsOf(item).flatMap(({ apiVersion, purpose, hint, path, ...need }) => {
      const kinds = need.kinds.filter((kind) => absent.has(`${apiVersion}/${kind}`));
      if (kinds.length === 0) return [];
      const origin = item.origins[path];
      return problem(
        "FW6001",
        `${plan.name} ${purpose}, but the cluster of ${environment.name} does not serve ${kinds.join(" and ")} (${apiVersion})`,
        { hint, ...(origin && "file" in origin && { file: origin.file, path: origin.path }) },
      );
    }),
  );
}
