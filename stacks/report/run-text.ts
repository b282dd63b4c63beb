import type { Verdict } from "../contract/finding.ts";
import type { Change, Operation, RunResult, StackResult } from "../contract/result.ts";
import type { Json } from "../contract/value.ts";
import { place } from "./problems.ts";
import { cut, duration, plain, style, type Style } from "./style.ts";
import {
  changesText,
  changeWord,
  commandOf,
  isNotable,
  isOp,
  isRefusing,
  rehearsedLine,
  runSummary,
  summarize,
} from "./summary.ts";

const MARKS: Readonly<Record<string, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  same: "=",
  read: "=",
  refresh: "=",
};

export interface RunTextOptions {
  readonly color: boolean;
  /** Width at which lines are cut; infinite: never. */
  readonly columns: number;
  /** Unchanged objects too. */
  readonly showSame: boolean;
  /** Only the summary. Default false. */
  readonly quiet?: boolean;
}

/** A run for people: a tree of stacks, what changes in each, what the rules say, and one summary. */
export function runText(run: RunResult, options: RunTextOptions): string {
  const s = style(options.color);
  const lines: string[] = [];
  if (run.rehearsed) lines.push(rehearsedLine(run.because ?? "nothing was contacted"), "");
  if (options.quiet !== true)
    for (const stack of run.stacks) lines.push(...stackLines(stack, s, options));
  const head = s.bold(`${commandOf(run.operation)} ${run.environment}:`);
  lines.push(`${head} ${runSummary(run)} ${s.dim(`(${duration(run.duration)})`)}`);
  return lines.join("\n");
}

function stackLines(stack: StackResult, s: Style, { showSame, columns }: RunTextOptions): string[] {
  const told = statusText(stack, changesText(summarize([stack]), stack.operation));
  const head = `${statusMark(stack, s)} ${s.bold(stack.stack)}  ${told}  ${s.dim(duration(stack.duration))}`;
  const lines = [head];
  const changes = stack.changes.filter(
    (change) => showSame || isOp(change.op) || change.error !== undefined,
  );
  for (const change of changes) lines.push(...changeLines(change, stack.operation, s, columns));
  const names = new Map(stack.changes.map((change) => [change.urn, objectName(change)]));
  for (const verdict of stack.verdicts.filter(isNotable))
    lines.push(...verdictLines(verdict, names.get(verdict.urn) ?? verdict.name, s));
  return lines;
}

function statusText(stack: StackResult, changes: string): string {
  switch (stack.status) {
    case "succeeded":
      return changes;
    case "refused":
      return "refused: nothing was touched";
    case "skipped":
      return "skipped: a stack that it needs failed";
    case "busy":
      return "busy";
    case "cancelled":
      return `cancelled; ${changes}`;
    case "failed":
      return `failed; ${changes}`;
  }
}

const statusMark = (stack: StackResult, s: Style): string =>
  stack.status === "succeeded"
    ? s.green("✓")
    : stack.status === "skipped" || stack.status === "cancelled"
      ? s.yellow("-")
      : s.red("✗");

/** What changes in an object, lines cut; its error is told whole. */
function changeLines(change: Change, operation: Operation, s: Style, columns: number): string[] {
  const mark = MARKS[change.op] ?? " ";
  const colour =
    change.op === "create"
      ? s.green
      : change.op === "delete" || change.op === "replace"
        ? s.red
        : isOp(change.op)
          ? s.yellow
          : s.dim;
  const lines = [
    `    ${colour(`${mark} ${changeWord(change.op, operation)}`)} ${change.type} ${s.bold(objectName(change))}`,
  ];
  if (change.op === "update" || change.op === "replace") {
    for (const field of change.fields) {
      const values = field.secret
        ? "[secret]"
        : `${valueText(field.old)} → ${valueText(field.new)}`;
      lines.push(
        `        ${field.path}: ${values}${field.replaces ? s.red("  (cannot change in place)") : ""}`,
      );
    }
  }
  const shown = lines.map((line) => cut(line, columns));
  if (change.error !== undefined) shown.push(`        ${s.red(plain(change.error))}`);
  return shown;
}

/** How an object is called: a cluster's own name where there is one; ids of providers and components mean nothing to a reader. */
export const objectName = (change: Change): string =>
  change.type.startsWith("kubernetes:") ? (change.id ?? change.name) : change.name;

/** A short form of a value: at most 100 characters, absent as `(none)`. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return "(none)";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = plain(text).replaceAll("\n", "⏎");
  return line.length <= 100 ? line : `${line.slice(0, 97)}…`;
}

function verdictLines(verdict: Verdict, name: string, s: Style): string[] {
  const refusing = isRefusing(verdict);
  const word =
    verdict.outcome === "unproven"
      ? s.yellow("unproven")
      : refusing
        ? s.red("refused")
        : s.yellow(verdict.outcome === "waived" ? "waived" : "advisory");
  const at = verdict.at ? `${place(verdict.at)} ` : "";
  return [
    `    ${word} ${s.bold(verdict.rule)} ${s.dim(`${verdict.severity}`)} ${verdict.type.split(":").at(-1)} ${name}`,
    `        ${at}${plain(verdict.message ?? "")}`.trimEnd(),
  ];
}
