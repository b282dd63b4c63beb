import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { z } from "zod";
import { RULES } from "../../policies/rules/index.ts";
import { type Environment, type Level, LEVELS } from "../contract/environment.ts";
import type { Rule } from "../contract/finding.ts";
import { FairwayError, type Problem, problem } from "../contract/problem.ts";

/** Rule → level. */
export type Levels = Readonly<Record<string, Level>>;

const document = z.strictObject({ levels: z.record(z.string(), z.enum(LEVELS)).nullish() });

/**
 * Reads `policies/levels.yaml`: levels of the whole organisation, over the rules' own and under the environments'.
 * @param shown How the file is called in problems.
 * @throws FairwayError FW4003 where the file is not such a map, or names a rule that does not exist.
 */
export function readLevels(file: string, shown = "policies/levels.yaml"): Levels {
  const yaml = parseDocument(readFileSync(file, "utf8"));
  const parsed = document.safeParse(yaml.errors.length > 0 ? undefined : (yaml.toJS() ?? {}));
  if (!parsed.success)
    throw new FairwayError(
      problem(
        "FW4003",
        `${shown} is not a map of rule to level: ${z.prettifyError(parsed.error)}`,
        {
          file: shown,
        },
      ),
    );
  const levels = parsed.data.levels ?? {};
  const problems = unknownRules(levels, shown, "levels");
  if (problems.length > 0) throw new FairwayError(problems);
  return levels;
}

/** FW4003 for every level of an environment that names no rule: a mistyped name would be enforced as if it were absent. */
export function levelProblems(environments: readonly Environment[]): Problem[] {
  return environments.flatMap(({ file, policies }) =>
    unknownRules(policies.levels, file, "spec.policies.levels"),
  );
}

/** The level of a rule, where `levels` are the organisation's under the environment's. */
export const levelOf = (rule: Rule, levels: Levels): Level =>
  Object.hasOwn(levels, rule.name) ? (levels[rule.name] ?? rule.level) : rule.level;

function unknownRules(levels: Levels, file: string, path: string): Problem[] {
  const names = RULES.map((rule) => rule.name);
  return Object.keys(levels)
    .filter((name) => !names.includes(name))
    .map((name) =>
      problem("FW4003", `there is no rule \`${name}\``, {
        file,
        path: `${path}.${name}`,
        hint: `the rules are ${names.join(", ")}`,
      }),
    );
}
