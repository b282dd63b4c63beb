import type { Plan } from "../contract/plan.ts";
import type { Positions } from "../contract/origin.ts";
import { planTree, type TreeNode } from "../plan/tree.ts";
import { cut, plain, style } from "./style.ts";

/** A plan as a tree: what, and behind it why; lines are cut to the terminal's width. */
export function planText(
  plan: Plan,
  positions: Positions,
  color: boolean,
  columns: number,
): string {
  const s = style(color);
  const lines: string[] = [`${s.bold(plan.stack)} ${s.dim(plan.digest.slice(0, 12))}`];
  const walk = (nodes: readonly TreeNode[], indent: string): void => {
    nodes.forEach((node, index) => {
      const last = index === nodes.length - 1;
      const why = node.why === undefined ? "" : s.dim(`  ← ${plain(node.why)}`);
      lines.push(`${indent}${last ? "└ " : "├ "}${plain(node.what)}${why}`);
      walk(node.children ?? [], `${indent}${last ? "  " : "│ "}`);
    });
  };
  walk(planTree(plan, positions), "");
  return lines.map((line) => cut(line, columns)).join("\n");
}
