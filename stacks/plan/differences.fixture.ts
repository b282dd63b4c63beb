import type { Plan, PlanItem } from "../contract/plan.ts";
import { canonicalJson } from "../contract/value.ts";

/** What became of an item or a value between two plans. */
type Change = "added" | "changed" | "removed";

/** A difference inside of a plan. */
interface Difference {
  /** Item, or `plan` for what belongs to none. */
  readonly item: string;
  /** Dotted path in the item's arguments, or in the plan; empty: the item itself. */
  readonly path: string;
  readonly change: Change;
  /** Canonical JSON, where there was a value. Secrets stand as references. */
  readonly before?: string;
  readonly after?: string;
}

/** Every difference between two plans of one stack that the digest covers: items in order, then the rest. */
export function diffPlans(before: Plan, after: Plan): Difference[] {
  if (before.digest === after.digest) return [];
  const [old, now] = [itemsOf(before), itemsOf(after)];
  const differences: Difference[] = [];
  for (const id of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [one, other] = [old.get(id), now.get(id)];
    if (!one || !other) differences.push({ item: id, path: "", change: one ? "removed" : "added" });
    else compare(id, "", one, other, differences);
  }
  compare("plan", "", restOf(before), restOf(after), differences);
  return differences;
}

const itemsOf = ({ items }: Plan): Map<string, object> =>
  new Map(
    items.map(({ id, component, args, after, stateful, protect }: PlanItem) => [
      id,
      { ...args, $component: component, $after: after, $stateful: stateful, $protect: protect },
    ]),
  );

const restOf = ({
  namespace,
  labels,
  patches,
  outputs,
  dependsOn,
  images,
  edges,
}: Plan): object => ({
  namespace,
  labels,
  outputs,
  dependsOn,
  images,
  patches: patches.map(({ kind, name, merge }) => ({ kind, name, merge })),
  edges: edges.map(({ from, to, port, protocol }) => ({ from, to, port, protocol })),
});

function compare(
  item: string,
  path: string,
  before: unknown,
  after: unknown,
  found: Difference[],
): void {
  if (isRecord(before) && isRecord(after) && !("$template" in before) && !("$template" in after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort())
      compare(item, path === "" ? key : `${path}.${key}`, before[key], after[key], found);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    before.forEach((entry, index) => compare(item, `${path}.${index}`, entry, after[index], found));
    return;
  }
  const [old, now] = [jsonOf(before), jsonOf(after)];
  if (old === now) return;
  found.push({
    item,
    path,
    change: old === undefined ? "added" : now === undefined ? "removed" : "changed",
    ...(old !== undefined && { before: old }),
    ...(now !== undefined && { after: now }),
  });
}

const jsonOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : canonicalJson(value);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
