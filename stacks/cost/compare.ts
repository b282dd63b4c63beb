import type { CostChange, CostComparison, EnvironmentCost, StackCost } from "../contract/cost.ts";
import { sum } from "./money.ts";

/** Stands for the nodes that pods pay for among the changes, so that these add up to the difference. */
const NODES = "nodes that pods pay for";

/** What a change makes of what an environment costs. */
export function compare(
  before: EnvironmentCost,
  after: EnvironmentCost,
  base: string,
): CostComparison {
  const old = new Map(before.stacks.map((cost) => [cost.stack, cost]));
  const now = new Map(after.stacks.map((cost) => [cost.stack, cost]));
  const changes = [...new Set([...old.keys(), ...now.keys()])]
    .map((stack) => change(stack, old.get(stack), now.get(stack)))
    .filter(
      ({ before: was, after: is, difference }) =>
        difference !== 0 || was === undefined || is === undefined,
    );
  const nodes = sum([after.nodes, -before.nodes]);
  if (nodes !== 0)
    changes.push({
      stack: NODES,
      before: before.nodes,
      after: after.nodes,
      difference: nodes,
      missing: [],
    });
  return {
    environment: after.environment,
    base,
    before: before.usd,
    after: after.usd,
    difference: sum([after.usd, -before.usd]),
    missing: [...new Set([...before.missing, ...after.missing])].sort(),
    changes: changes.sort(
      (a, b) => Math.abs(b.difference) - Math.abs(a.difference) || (a.stack < b.stack ? -1 : 1),
    ),
  };
}

const change = (
  stack: string,
  before: StackCost | undefined,
  after: StackCost | undefined,
): CostChange => ({
  stack,
  ...(before && { before: before.usd }),
  ...(after && { after: after.usd }),
  difference: sum([after?.usd ?? 0, -(before?.usd ?? 0)]),
  missing: [...new Set([...(before?.missing ?? []), ...(after?.missing ?? [])])].sort(),
});
