import type { Plan } from "../contract/plan.ts";
import { problem, type Problem } from "../contract/problem.ts";

/** Plans in the order in which their stacks come up: each wave needs only the ones before it. */
export interface Order {
  readonly waves: readonly (readonly Plan[])[];
  /** Circles (FW1210), each named once; the plans in them are in no wave, nor is what depends on them. */
  readonly problems: readonly Problem[];
}

/** Orders plans by what they depend on; stacks that are not among them count as up already. */
export function orderStacks(plans: readonly Plan[]): Order {
  const byStack = new Map(plans.map((plan) => [plan.stack, plan]));
  const needed = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  for (const { stack, dependsOn } of byStack.values()) {
    const here = new Set(dependsOn.filter((other) => other !== stack && byStack.has(other)));
    needed.set(stack, here.size);
    for (const other of here) {
      const list = dependents.get(other);
      if (list) list.push(stack);
      else dependents.set(other, [stack]);
    }
  }
  const waves: Plan[][] = [];
  let ready = [...needed].flatMap(([stack, count]) => (count === 0 ? [stack] : []));
  let placed = 0;
  while (ready.length > 0) {
    waves.push(ready.sort().map((stack) => byStack.get(stack)!));
    placed += ready.length;
    const next: string[] = [];
    for (const stack of ready)
      for (const dependent of dependents.get(stack) ?? []) {
        const left = needed.get(dependent)! - 1;
        needed.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    ready = next;
  }
  const stuck = [...needed].flatMap(([stack, count]) => (count > 0 ? [stack] : []));
  return { waves, problems: placed === byStack.size ? [] : circlesIn(stuck.sort(), byStack) };
}

/** Every circle among stacks of which each waits for another of them, or for a circle. */
function circlesIn(stuck: readonly string[], byStack: ReadonlyMap<string, Plan>): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const within = new Set(stuck);
  for (const start of stuck) {
    const path: string[] = [];
    let stack: string | undefined = start;
    while (stack !== undefined && !seen.has(stack)) {
      seen.add(stack);
      path.push(stack);
      stack = byStack
        .get(stack)
        ?.dependsOn.find((other) => within.has(other) && other !== path.at(-1));
    }
    const begin = stack === undefined ? -1 : path.indexOf(stack);
    if (begin === -1) continue;
    problems.push(
      problem(
        "FW1210",
        `stacks wait for each other in a circle: ${[...path.slice(begin), stack].join(" → ")}`,
        {
          hint: "take one of the dependencies out, or put a queue between them",
        },
      ),
    );
  }
  return problems;
}
