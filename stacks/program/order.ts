import { fail } from "../contract/problem.ts";
import type { PlanItem } from "../contract/plan.ts";
import { type Reference, isTemplate, referencesOf } from "../contract/value.ts";

/** Every reference in plain data, however deep. */
export function referencesIn(value: unknown): Reference[] {
  if (isTemplate(value)) return referencesOf(value);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

/** Items so that each comes after those it refers to and those named in `after`; the plan's order otherwise. */
export function orderItems(items: readonly PlanItem[]): PlanItem[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const done = new Set<string>();
  const ordered: PlanItem[] = [];
  const visit = (item: PlanItem, path: readonly string[]): void => {
    if (done.has(item.id)) return;
    if (path.includes(item.id))
      fail("FW9000", `items of a plan wait for each other: ${[...path, item.id].join(" → ")}`);
    for (const id of [
      ...item.after,
      ...referencesIn(item.args).map((reference) => reference.ref),
    ]) {
      const needed =
        byId.get(id) ?? fail("FW9000", `item ${item.id} needs ${id}, which is not in the plan`);
      visit(needed, [...path, item.id]);
    }
    done.add(item.id);
    ordered.push(item);
  };
  for (const item of items) visit(item, []);
  return ordered;
}
