import type { WorkloadSpec } from "../../components/workload/workload.plan.ts";
import type { AwsClusterSpec, EksObjectsSpec } from "../../components/platform/aws.plan.ts";
import type { CostItem } from "../contract/cost.ts";
import type { PlanItem } from "../contract/plan.ts";
import { serverCosts, volumeCosts, workloadCosts } from "./pods.ts";

const HOURS = 730;

type Costs = (args: PlanItem["args"]) => readonly CostItem[];

const nothing: Costs = () => [];
const workload: Costs = (args) => workloadCosts(args as unknown as WorkloadSpec);
const volume: Costs = (args) => volumeCosts(args as unknown as { readonly storage: string });

/**
 * What components cost beside what their plan items say (`PlanItem.costs`). Servers in the cluster are known by their
 * arguments and need no line.
 */
const COMPONENTS: Readonly<Record<string, Costs>> = {
  "aws-cluster": (args) => {
    const { nodes } = args as unknown as AwsClusterSpec;
    return nodes
      ? [
          {
            sku: "ebs.gp3.storage",
            quantity: nodes.min * nodes.disk,
            unit: "GB-month",
            assumed: `${nodes.min} nodes`,
          },
        ]
      : [];
  },
  "aws-defaults": nothing,
  "aws-domain": () => [{ sku: "route53.zone", quantity: 1, unit: "month" }],
  // Files are paid for as volumes of services.
  "aws-files": nothing,
  "aws-keys": nothing,
  "aws-network": nothing,
  "cloud-network": nothing,
  // The platform's own name answers with an alias of a load balancer, whose queries are free.
  "dns-route53": nothing,
  "eks-objects": (args) => {
    const { ingressClasses } = args as unknown as EksObjectsSpec;
    const hours = ingressClasses.length * HOURS;
    const assumed = `a load balancer for each of ${ingressClasses.length} schemes, with 1 LCU`;
    return [
      { sku: "alb.hour", quantity: hours, unit: "hour", assumed },
      { sku: "alb.lcu", quantity: hours, unit: "hour", assumed },
    ];
  },
  job: workload,
  // A topic on brokers that another pays for.
  "kafka-topic-msk": nothing,
  monitoring: nothing,
  platform: nothing,
  route: nothing,
  "scheduled-job": workload,
  "secret-cluster": nothing,
  "shared-reference": nothing,
  stateful: workload,
  tenancy: nothing,
  "volume-cluster": volume,
  "web-service": workload,
  worker: workload,
  "workload-identity": nothing,
};

/** What an item costs in a month; undefined where nobody has said. */
export function costsOf({ component, args, costs }: PlanItem): readonly CostItem[] | undefined {
  const known = Object.hasOwn(COMPONENTS, component) ? COMPONENTS[component]!(args) : undefined;
  if (known || costs) {
    const told = new Set(costs?.map(({ sku }) => sku));
    return [...(costs ?? []), ...(known ?? []).filter(({ sku }) => !told.has(sku))];
  }
  return isServer(args) ? serverCosts(args) : undefined;
}

/** Arguments of a server in the cluster (`ServerSpec`). */
const isServer = (
  args: PlanItem["args"],
): args is PlanItem["args"] & Parameters<typeof serverCosts>[0] =>
  typeof args["requests"] === "object" && typeof args["storage"] === "string";
