import { ESTIMATE_RULES, RULES } from "../../../policies/rules/index.ts";
import { CODES, type Code, type CodeEntry } from "../../contract/codes.ts";
import { nearest } from "../../contract/nearest.ts";
import { fail } from "../../contract/problem.ts";
import type { EstimateRule, Rule } from "../../contract/finding.ts";
import { style } from "../../report/style.ts";
import type { Run } from "../command.ts";

/** Rules on resources, and on what plans come to. */
const EXPLAINED: readonly (Rule | EstimateRule)[] = [...RULES, ...ESTIMATE_RULES];

/** `fairway explain CODE|RULE`. */
export const run: Run = async (context, { operands: [word = ""] }) => {
  const s = style(context.color);
  const code = word.toUpperCase();
  if (isCode(code)) {
    const entry: CodeEntry = CODES[code];
    const text = [
      `${s.bold(code)}: ${entry.title}`,
      "",
      `why:  ${entry.why}`,
      `fix:  ${entry.fix}`,
      `exit: ${entry.exit}`,
    ].join("\n");
    return { exit: 0, data: { kind: "code", code, ...entry }, text };
  }
  const rule = EXPLAINED.find((candidate) => candidate.name === word.toLowerCase());
  if (rule)
    return {
      exit: 0,
      data: { kind: "rule", ...ruleFace(rule) },
      text: ruleText(rule, s.bold(rule.name)),
    };
  const near = nearest(word, explained());
  return fail("FW7010", `there is no code or rule \`${word}\``, {
    hint: near
      ? `did you mean \`fairway explain ${near}\`?`
      : `rules: ${EXPLAINED.map((r) => r.name).join(", ")}`,
  });
};

/** Every word that is explained: rules, then codes. */
export const explained = (): string[] => [
  ...EXPLAINED.map((rule) => rule.name),
  ...Object.keys(CODES),
];

const isCode = (word: string): word is Code => Object.hasOwn(CODES, word);

/** What is published of a rule: everything but its code. */
export function ruleFace(rule: Rule | EstimateRule) {
  const { name, description, why, fix, severity, level, fields, frameworks, scope } = rule;
  return { name, scope, description, why, fix, severity, level, fields, frameworks };
}

function ruleText(rule: Rule | EstimateRule, name: string): string {
  return [
    `${name}: ${rule.description}`,
    "",
    `why:      ${rule.why}`,
    `fix:      ${rule.fix}`,
    `severity: ${rule.severity}, ${rule.level} unless policies/levels.yaml or the environment says otherwise`,
    `fields:   ${rule.fields.ServiceRequest.join(", ")} (ServiceRequest); ${rule.fields.Score.join(", ")} (Score)`,
    ...(rule.frameworks.length > 0
      ? [
          `meets:    ${rule.frameworks.map((control) => `${control.framework} ${control.version} ${control.id}`).join(", ")}`,
        ]
      : []),
  ].join("\n");
}
