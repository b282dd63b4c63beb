import type { CostComparison } from "../contract/cost.ts";
import type { Verdict } from "../contract/finding.ts";
import type { Problem } from "../contract/problem.ts";
import type { Change, RunResult, StackResult } from "../contract/result.ts";
import { money, signed } from "./cost-text.ts";
import { place } from "./problems.ts";
import { objectName, valueText } from "./run-text.ts";
import { count, cut, duration, plain } from "./style.ts";
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

/** Heading by which the comment of a pull request is found again. */
const COMMENT_HEADING = "## Fairway";
/** GitHub refuses comments of 65,536 characters. */
const LIMIT = 60_000;
/** Rows of a table, and characters of a cell: what is refused must fit whatever a server says. */
const ROWS = 50;
const CELL = 300;

/** A run as the one comment of a pull request: refusals first, then what changes; details fold. */
export function runMarkdown(run: RunResult): string {
  const head = [
    `${COMMENT_HEADING}: ${commandOf(run.operation)} of ${span(run.environment)}`,
    "",
    ...(run.rehearsed ? [text(rehearsedLine(run.because ?? "nothing was contacted")), ""] : []),
    `**${verdictWord(run)}** ${runSummary(run)} (${duration(run.duration)})`,
    "",
    "",
  ];
  const problems = [...run.problems, ...run.stacks.flatMap((stack) => stack.problems)];
  const refusing = ({ code }: Problem): boolean => code.startsWith("FW4");
  const sections = [
    problemTable("Refused", problems.filter(refusing)),
    problemTable(
      "Problems",
      problems.filter((problem) => !refusing(problem)),
    ),
    verdictTable(
      "Not refused, but read these",
      run.stacks
        .flatMap((stack) => stack.verdicts)
        .filter((verdict) => isNotable(verdict) && !isRefusing(verdict)),
    ),
    problemTable("Worth knowing", run.notes),
    run.cost ? costSection(run.cost) : "",
    ...run.stacks.map(stackSection),
  ].filter((section) => section !== "");
  return fit(head.join("\n"), sections);
}

function costSection(cost: CostComparison): string {
  const sides = (usd: number | undefined): string => (usd === undefined ? "–" : money(usd));
  return [
    `### Cost: ${money(cost.before)} → ${money(cost.after)} a month (${signed(cost.difference)})`,
    "",
    `_estimated for everything in ${span(cost.environment)}, against ${span(cost.base)}_`,
    "",
    table(
      undefined,
      ["stack", "before", "after", "difference"],
      cost.changes.map(({ stack, before, after, difference }) => [
        span(stack),
        sides(before),
        sides(after),
        signed(difference),
      ]),
    ),
    ...(cost.missing.length > 0
      ? [`Without a price, and in no sum: ${cost.missing.map(span).join(", ")}`, ""]
      : []),
  ].join("\n");
}

function verdictWord(run: RunResult): string {
  if (run.exit === 0) return run.operation === "preview" ? "✅ may go ahead." : "✅ done.";
  if (run.exit === 5) return "⚠️ drift was found.";
  return run.exit === 4 ? "⛔ refused." : "❌ failed.";
}

function problemTable(title: string, problems: readonly Problem[]): string {
  return table(
    title,
    ["where", "what", "fix"],
    problems.map((p) => [span(place(p)), text(`${p.code} ${p.message}`), text(p.hint ?? "")]),
  );
}

function verdictTable(title: string, verdicts: readonly Verdict[]): string {
  return table(
    title,
    ["where", "rule", "severity", "outcome", "what", "more"],
    verdicts.map((v) => [
      span(v.at ? place(v.at) : `${v.stack} ${v.name}`),
      span(v.rule),
      v.severity,
      v.outcome,
      text(v.message ?? ""),
      span(`fairway explain ${v.rule}`),
    ]),
  );
}

function stackSection(stack: StackResult): string {
  const changes = stack.changes.filter((change) => isOp(change.op));
  const told =
    stack.status === "succeeded" ? changesText(summarize([stack]), stack.operation) : stack.status;
  if (changes.length === 0) return `${span(stack.stack)}: ${told}\n`;
  const rows = changes.flatMap((change) => [
    [
      changeWord(change.op, stack.operation),
      span(change.type),
      span(objectName(change)),
      text(change.error ?? ""),
    ],
    ...(change.op === "update" || change.op === "replace"
      ? change.fields.map((field) => ["", "", span(field.path), fieldText(field)])
      : []),
  ]);
  return [
    `<details><summary><code>${html(stack.stack)}</code>: ${told}</summary>`,
    "",
    table(undefined, ["change", "type", "object", "field"], rows),
    "</details>",
    "",
  ].join("\n");
}

function fieldText(field: Change["fields"][number]): string {
  if (field.secret) return "[secret]";
  const values = `${span(valueText(field.old))} → ${span(valueText(field.new))}`;
  return field.replaces ? `${values} (replaces)` : values;
}

/** A table of cells that are Markdown already; nothing where there are no rows. */
function table(
  title: string | undefined,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const left = rows.length - ROWS;
  return [
    ...(title === undefined ? [] : [`### ${title}`, ""]),
    line(columns),
    line(columns.map(() => "---")),
    ...rows.slice(0, ROWS).map(line),
    ...(left > 0 ? ["", `_and ${left} more_`] : []),
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
    : `${text}\n_${count(left, "section")} left out: the comment would be too long. The run's log holds everything._\n`;
}

/** Names and messages come from descriptors and servers: one line, of a length that a table bears. */
const flat = (text: string): string => cut(plain(text).replaceAll(/\s*\n\s*/g, " "), CELL);

/** A text of others as a code span, which holds no markup and no mentions, and can be copied. */
const span = (text: string): string => {
  const inner = flat(text).replaceAll("`", "'").replaceAll("|", "\\|").trim();
  return inner === "" ? "" : `\`${inner}\``;
};

const html = (text: string): string =>
  flat(text).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A text of others in prose: no markup, no entities, no mentions, no references, no table breaks. */
export function text(words: string): string {
  return flat(words)
    .replaceAll(/[\\<>*_[\]|!`~&]/g, (sign) => (sign === "&" ? "&amp;" : `\\${sign}`))
    .replaceAll(/[@#]/g, "$&\u200b");
}
