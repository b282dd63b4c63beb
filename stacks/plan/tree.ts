import type { Origin, Positions } from "../contract/origin.ts";
import { splitPath } from "../contract/path.ts";
import type { Edge, Peer, Plan, PlanItem } from "../contract/plan.ts";
import { canonicalJson, isTemplate, type Text } from "../contract/value.ts";
import { positionOf } from "./locate.ts";

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
      what: `${kind}${name === undefined ? "" : ` ${name}`} ${short(canonicalJson(merge))}`,
      why: whyOf(origin, positions),
    })),
  );
  add(
    nodes,
    "outputs",
    Object.entries(plan.outputs).map(([name, { value }]) => ({ what: `${name} ${textOf(value)}` })),
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
function whyOf(origin: Origin, positions: Positions): string {
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
  const children = Object.entries(parts)
    .map(([path, origin]) => ({ path, origin, value: valueAt(item.args, splitPath(path)) }))
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, origin, value }) => ({
      what: `${path} ${textOf(value)}`,
      why: whyOf(origin, positions),
    }));
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
    case "consumers":
      return `consumers of ${peer.of}`;
    case "entity":
      return peer.entity;
  }
}

const edgeText = (edge: Edge): string =>
  `${peerText(edge.from)} → ${peerText(edge.to)} ${edge.protocol}/${edge.port}`;

function valueAt(value: unknown, keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return short(value);
  if (isTemplate(value)) return templateText(value);
  return short(
    JSON.stringify(value, (_, member: unknown) =>
      isTemplate(member) ? templateText(member) : member,
    ),
  );
}

const templateText = (text: Exclude<Text, string>): string =>
  text.$template
    .map((part) => (typeof part === "string" ? part : `\${${part.ref}.${part.output}}`))
    .join("");

const short = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
};
