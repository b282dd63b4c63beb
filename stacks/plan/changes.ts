import type { Plan } from "../contract/plan.ts";

/** What became of a stack between two plans. */
type Change = "added" | "changed" | "removed";

/** A stack that a change touches. */
export interface Affected {
  readonly stack: string;
  readonly change: Change;
}

/** Stacks whose plans differ by digest, by name. */
export function affected(base: readonly Plan[], head: readonly Plan[]): Affected[] {
  const before = new Map(base.map((plan) => [plan.stack, plan.digest]));
  const after = new Map(head.map((plan) => [plan.stack, plan.digest]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((stack): Affected[] => {
    const [old, now] = [before.get(stack), after.get(stack)];
    if (old === now) return [];
    return [
      { stack, change: old === undefined ? "added" : now === undefined ? "removed" : "changed" },
    ];
  });
}
