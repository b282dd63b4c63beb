import type { Plan } from "../contract/plan.ts";
import { fail } from "../contract/problem.ts";

type Node = Pick<Plan, "stack" | "dependsOn">;

/** For each stack the chosen ones that must have ended before it begins. */
export type Needs = ReadonlyMap<string, readonly string[]>;

/**
 * What each stack waits for: those it depends on, or, where they are taken down, those that depend on it. Stacks that
 * were not chosen count as there.
 */
export function needsOf(plans: readonly Node[], direction: "up" | "down" | "none"): Needs {
  const chosen = new Set(plans.map(({ stack }) => stack));
  const needs = new Map<string, string[]>(plans.map(({ stack }) => [stack, []]));
  if (direction === "none") return needs;
  for (const { stack, dependsOn } of plans)
    for (const other of new Set(dependsOn.filter((one) => chosen.has(one))))
      if (other !== stack)
        needs.get(direction === "up" ? stack : other)!.push(direction === "up" ? other : stack);
  return needs;
}

/**
 * Runs something for each stack, `parallel` at a time, each after what it needs; those whose needs failed are told to
 * `skip` instead. Order between independent stacks is that of `needs`.
 * @param body True where what needs the stack may go on.
 */
export async function runInOrder(
  needs: Needs,
  parallel: number,
  body: (stack: string) => Promise<boolean>,
  skip: (stack: string, failed: string) => void,
): Promise<void> {
  const waiting = new Map(needs);
  const ended = new Map<string, boolean>();
  const running = new Set<Promise<void>>();
  const settle = (): void => {
    for (let moved = true; moved;) {
      moved = false;
      for (const [stack, wanted] of waiting) {
        const failed = wanted.find((other) => ended.get(other) === false);
        if (failed === undefined) continue;
        waiting.delete(stack);
        ended.set(stack, false);
        skip(stack, failed);
        moved = true;
      }
    }
  };
  for (;;) {
    settle();
    for (const [stack, wanted] of waiting) {
      if (running.size >= parallel) break;
      if (!wanted.every((other) => ended.get(other))) continue;
      waiting.delete(stack);
      const task: Promise<void> = body(stack)
        .then((good) => void ended.set(stack, good))
        .finally(() => running.delete(task));
      running.add(task);
    }
    if (running.size === 0) {
      if (waiting.size > 0)
        fail("FW9000", `stacks wait for each other: ${[...waiting.keys()].join(", ")}`);
      return;
    }
    await Promise.race(running);
  }
}
