import type { CostItem, CostLine, EnvironmentCost, ItemCost, StackCost } from "../contract/cost.ts";
import type { Environment } from "../contract/environment.ts";
import type { Plan, PlanItem } from "../contract/plan.ts";
import { costsOf } from "./items.ts";
import { exact, sum } from "./money.ts";
import { CLUSTER, NODE, nodePrice } from "./nodes.ts";
import { type PriceTable, findPrice } from "./prices.ts";

/**
 * What plans of one environment cost in a month, by what they ask for and by what is assumed. What has no price is named
 * and in no sum. A shared resource is a stack of its own, and so counted once.
 * @param table Default: prices.json.
 */
export function estimate(
  plans: readonly Plan[],
  environment: Environment,
  table?: PriceTable,
): EnvironmentCost {
  const price = pricer(environment, table);
  const stacks = plans.map((plan) => stackCost(plan, price)).sort(byStack);
  const { nodes, assumed } = nodesPaidByPods(stacks);
  return {
    environment: environment.name,
    ...(environment.cloud.provider === "aws" && { region: environment.cloud.region }),
    stacks,
    nodes,
    usd: sum([...stacks.map(({ usd }) => usd), nodes]),
    assumed: sum([...stacks.map((stack) => stack.assumed), assumed ? nodes : 0]),
    missing: unique(stacks.flatMap(({ missing }) => missing)),
  };
}

const ORDER = { platform: 0, shared: 1, service: 2 } as const;

const byStack = (a: StackCost, b: StackCost): number =>
  ORDER[a.kind] - ORDER[b.kind] || (a.stack < b.stack ? -1 : 1);

type Pricer = (item: CostItem) => CostLine;

function pricer(environment: Environment, table: PriceTable | undefined): Pricer {
  const of = new Map(
    (["vcpu", "memory", "storage"] as const).map((what) => [
      CLUSTER[what] as string,
      nodePrice(what, environment, table),
    ]),
  );
  return (item) => {
    const found = of.has(item.sku) ? of.get(item.sku) : findPrice(item, environment, table);
    if (!found) return item;
    if (!("price" in found)) return { ...item, missing: found.missing };
    return { ...item, price: found.price, usd: exact(item.quantity * found.price.usd) };
  };
}

function stackCost({ stack, kind, name, environment, items }: Plan, price: Pricer): StackCost {
  const costs = items.map((item) => itemCost(item, price)).filter(({ lines }) => lines.length > 0);
  const lines = costs.flatMap((cost) => cost.lines);
  return {
    stack,
    kind,
    name,
    environment,
    items: costs,
    usd: sum(costs.map(({ usd }) => usd)),
    assumed: sum(lines.filter(({ assumed }) => assumed !== undefined).map(usdOf)),
    missing: unique(lines.flatMap(({ sku, missing }) => (missing === undefined ? [] : [sku]))),
  };
}

function itemCost(item: PlanItem, price: Pricer): ItemCost {
  const { id, component } = item;
  const costs = costsOf(item);
  const lines: CostLine[] = costs?.map(price) ?? [
    {
      sku: `unknown.${component}`,
      quantity: 1,
      unit: "month",
      missing: `nobody has said what a ${component} costs`,
    },
  ];
  return { id, component, lines, usd: sum(lines.map(usdOf)) };
}

const usdOf = ({ usd }: CostLine): number => usd ?? 0;

/** Pods run on the nodes of the platform: what they pay for is taken off once, and at most what the nodes cost. */
function nodesPaidByPods(stacks: readonly StackCost[]): { nodes: number; assumed: boolean } {
  const linesOf = (test: (stack: StackCost, line: CostLine) => boolean): CostLine[] =>
    stacks.flatMap((stack) =>
      stack.items.flatMap(({ lines }) => lines.filter((line) => test(stack, line))),
    );
  const nodes = linesOf(({ kind }, { sku }) => kind === "platform" && sku.startsWith(NODE));
  const pods = linesOf(
    ({ kind }, { sku }) => kind !== "platform" && (sku === CLUSTER.vcpu || sku === CLUSTER.memory),
  );
  const least = Math.min(sum(nodes.map(usdOf)), sum(pods.map(usdOf)));
  return {
    nodes: least === 0 ? 0 : -least,
    assumed: nodes.every(({ assumed }) => assumed !== undefined),
  };
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
