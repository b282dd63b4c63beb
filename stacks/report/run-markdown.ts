import type { Verdict } from "../contract/finding.ts";
import type { Problem } from "../contract/problem.ts";
import type { RunResult, StackResult } from "../contract/result.ts";
import { place } from "./problems.ts";
import { objectName, valueText } from "./run-text.ts";
import { count, duration, plain } from "./style.ts";
import { changesText, isNotable, isOp, isRefusing, summarize, verdictsText } from "./summary.ts";

/** Heading by which the comment of a pull request is found again. */
const COMMENT_HEADING = "## Fairway";
/** GitHub refuses comments of 65,536 characters. */
const LIMIT = 60_000;

/** A run as the one comment of a pull request: refusals first, then what changes; details fold. */
export function runMarkdown(run: RunResult): string {
  const summary = summarize(run.stacks);
  const head = [
    `${COMMENT_HEADING}: ${run.operation} of ${code(run.environment)}`,
    "",
    ...(run.rehearsed ? ["_rehearsed: nothing was contacted_", ""] : []),
    `**${verdictWord(run)}** ${count(run.stacks.length, "stack")}, ${changesText(summary, run.operation !== "preview")}; rules: ${verdictsText(summary)} (${duration(run.duration)})`,
    "",
  ];
  const problems = [...run.problems, ...run.stacks.flatMap((stack) => stack.problems)];
  const sections = [
    problemTable(problems),
    verdictTable("Refused", run.stacks.flatMap((stack) => stack.verdicts).filter(isRefusing)),
    verdictTable(
      "Not refused, but read these",
      run.stacks
        .flatMap((stack) => stack.verdicts)
        .filter((verdict) => isNotable(verdict) && !isRefusing(verdict)),
    ),
    ...run.stacks.map(stackSection),
  ].filter((section) => section !== "");
  return fit(head.join("\n"), sections);
}

function verdictWord(run: RunResult): string {
  if (run.exit === 0) return "✅ may go ahead.";
  return run.exit === 4 ? "⛔ refused." : "❌ failed.";
}

function problemTable(problems: readonly Problem[]): string {
  if (problems.length === 0) return "";
  return [
    "### Problems",
    "",
    "| where | what | fix |",
    "|---|---|---|",
    ...problems.map((p) => row(place(p), `${p.code} ${p.message}`, p.hint ?? "")),
    "",
  ].join("\n");
}

function verdictTable(title: string, verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return "";
  return [
    `### ${title}`,
    "",
    "| where | rule | severity | outcome | what |",
    "|---|---|---|---|---|",
    ...verdicts.map((v) =>
      row(
        v.at ? place(v.at) : `${v.stack} ${v.name}`,
        v.rule,
        v.severity,
        v.outcome,
        v.message ?? "",
      ),
    ),
    "",
  ].join("\n");
}

function stackSection(stack: StackResult): string {
  const changes = stack.changes.filter((change) => isOp(change.op));
  const title = `${code(stack.stack)}: ${stack.status === "succeeded" ? changesText(summarize([stack]), stack.operation !== "preview") : stack.status}`;
  if (changes.length === 0) return `${title}\n`;
  const lines = changes.flatMap((change) => [
    row(change.op, code(change.type), code(objectName(change)), ""),
    ...(change.op === "update" || change.op === "replace"
      ? change.fields.map((field) =>
          row(
            "",
            "",
            code(field.path),
            field.secret
              ? "[secret]"
              : `${valueText(field.old)} → ${valueText(field.new)}${field.replaces ? " (replaces)" : ""}`,
          ),
        )
      : []),
  ]);
  return [
    `<details><summary>${title}</summary>`,
    "",
    "| change | type | object | field |",
    "|---|---|---|---|",
    ...lines,
    "",
    "</details>",
    "",
  ].join("\n");
}

/** Puts sections in until the limit; says how many were left out. Refusals come first and so are never cut. */
function fit(head: string, sections: readonly string[]): string {
  let text = head;
  let left = 0;
  for (const section of sections) {
    if (left === 0 && text.length + section.length < LIMIT) text += `${section}\n`;
    else left++;
  }
  return left === 0
    ? text
    : `${text}\n_${count(left, "section")} left out: the comment would be too long. The run's artefact holds everything._\n`;
}

const row = (...cells: string[]): string => `| ${cells.map(escape).join(" | ")} |`;
const code = (text: string): string => `\`${plain(text).replaceAll("`", "'")}\``;

/** Names and messages come from descriptors and servers: no markup, no mentions, no table breaks. */
export function escape(text: string): string {
  const flat = plain(text).replaceAll(/\s*\n\s*/g, " ");
  if (/^`[^`]*`$/.test(flat)) return flat.replaceAll("|", "\\|");
  return flat.replaceAll(/[\\<>*_[\]|#@!`~]/g, (sign) => (sign === "@" ? "@\u200b" : `\\${sign}`));
}
