import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { z } from "zod";
import { LEVELS } from "../contract/environment.ts";
import { FairwayError, problem } from "../contract/problem.ts";
import { type Levels, unknownRules } from "./levels.ts";

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
