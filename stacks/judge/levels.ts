import { ESTIMATE_RULES, RULES } from "../../policies/rules/index.ts";
import type { Environment, Level } from "../contract/environment.ts";
import type { Rule } from "../contract/finding.ts";
import { nearest } from "../contract/nearest.ts";
import { type Problem, problem } from "../contract/problem.ts";

/** Rule → level. */
export type Levels = Readonly<Record<string, Level>>;

/** FW4003 for every level of an environment that names no rule: a mistyped name would be enforced as if it were absent. */
export function levelProblems(environments: readonly Environment[]): Problem[] {
  return environments.flatMap(({ file, policies }) =>
    unknownRules(policies.levels, file, "spec.policies.levels"),
  );
}

/** The level of a rule, where `levels` are the organisation's under the environment's. */
export const levelOf = (rule: Pick<Rule, "name" | "level">, levels: Levels): Level =>
  Object.hasOwn(levels, rule.name) ? (levels[rule.name] ?? rule.level) : rule.level;

/** FW4003 for every name that is no rule. */
export function unknownRules(levels: Levels, file: string, path: string): Problem[] {
  const names = [...RULES, ...ESTIMATE_RULES].map((rule) => rule.name);
  return Object.keys(levels)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const near = nearest(name, names);
      return problem("FW4003", `there is no rule \`${name}\``, {
        file,
        path: `${path}.${name}`,
        hint: near ? `did you mean ${near}?` : `the rules are ${names.join(", ")}`,
      });
    });
}
