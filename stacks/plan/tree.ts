import type { Origin, Positions } from "../contract/origin.ts";
import { joinPath, splitPath } from "../contract/path.ts";
import type { Edge, Peer, Plan, PlanItem } from "../contract/plan.ts";
import { positionOf } from "./locate.ts";
import { wordsOf } from "./words.ts";

/** A line of a plan as people read it. */
export interface TreeNode {
  /** What there will be. */
  readonly what: string;
  /** Why: a line of the descriptor, a rule of the environment, a release, a flag, or a default with its reason. */
  readonly why?: string;
  readonly children?: readonly TreeNode[];
}

/** A plan as a tree: what, and why. Secrets are shown by name, never by value; a plan holds none. */
export function planTree(plan: Plan, positions: Positions): TreeNode[] {
  const nodes: TreeNode[] = [];
  if (plan.namespace !== "") nodes.push({ what: `namespace ${plan.namespace}` });
  nodes.push(...plan.items.map((item) => itemNode(item, positions)));
  add(
    nodes,
    "connections",
    plan.edges.map((edge): TreeNode => ({
      what: edgeText(edge),
      why: whyOf(edge.origin, positions),
    })),
  );
  add(
    nodes,
    "patches",
    plan.patches.map(({ kind, name, merge, origin }) => ({
      what: `${kind}${name === undefined ? "" : ` ${name}`} ${wordsOf(merge).text}`,
      why: whyOf(origin, positions),
    })),
  );
  add(
    nodes,
    "outputs",
    Object.entries(plan.outputs).map(([name, { value }]) => ({
      what: `${name} ${wordsOf(value).text}`,
    })),
  );
  add(
    nodes,
    "after",
    plan.dependsOn.map((stack) => ({ what: stack })),
  );
  add(nodes, "refused", plan.refusals.map(problemNode));
  add(nodes, "notes", plan.notes.map(problemNode));
  return nodes;
}

/** Where something came from, in words. */
export function whyOf(origin: Origin, positions: Positions): string {
  switch (origin.from) {
    case "default":
      return `default: ${origin.reason}`;
    case "flag":
      return origin.flag;
    default: {
      const line = positionOf(origin, positions)?.line;
      const name = origin.path.replace(/^spec\./, "");
      return `${origin.file}${line === undefined ? "" : `:${line}`} ${name}`;
    }
  }
}

function itemNode(item: PlanItem, positions: Positions): TreeNode {
  const { "": whole, ...parts } = item.origins;
  const told = Object.entries(parts)
    .map(([path, origin]) => ({ path, origin, value: valueAt(item.args, splitPath(path)) }))
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  // What is told in a line of its own is not told again above it.
  const children = told.map(({ path, origin, value }): TreeNode => {
    const why = whyOf(origin, positions);
    const isTold = (below: string): boolean =>
      told.some((other) => other.path === below || other.path.startsWith(`${below}.`));
    const { text, lines } = wordsOf(without(value, (key) => isTold(`${path}.${joinPath([key])}`)));
    return {
      what: `${path} ${text}`.trimEnd(),
      why,
      ...(lines && { children: lines.map((what) => ({ what })) }),
    };
  });
  const traits = [item.stateful && "holds data", item.protect && "protected"].filter(Boolean);
  return {
    what: `${item.id}: ${item.component}${traits.length > 0 ? ` (${traits.join(", ")})` : ""}`,
    ...(whole && { why: whyOf(whole, positions) }),
    ...(children.length > 0 && { children }),
  };
}

function add(nodes: TreeNode[], what: string, children: readonly TreeNode[]): void {
  if (children.length > 0) nodes.push({ what, children });
}

const problemNode = (found: Plan["notes"][number]): TreeNode => ({
  what: `${found.code} ${found.message}`,
  ...(found.hint !== undefined && { why: found.hint }),
});

function peerText(peer: Peer): string {
  switch (peer.kind) {
    case "self":
      return peer.item;
    case "stack":
      return `${peer.stack} ${peer.item}`;
    case "cloud":
      return `${peer.item} (cloud)`;
    case "consumers":
      return `consumers of ${peer.of}`;
    case "entity":
      return peer.entity;
  }
}

const edgeText = (edge: Edge): string =>
  `${peerText(edge.from)} → ${peerText(edge.to)} ${edge.protocol}/${edge.port}`;

/** A record without the members named; anything else as it is. */
function without(value: unknown, isLeftOut: (key: string) => boolean): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value);
  const kept = members.filter(([key]) => !isLeftOut(key));
  return kept.length === members.length ? value : Object.fromEntries(kept);
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}
