import { ESTIMATE_RULES } from "../../policies/rules/index.ts";
import type { Bill } from "../contract/cost.ts";
import type { Environment } from "../contract/environment.ts";
import { type Problem, type ProblemDetails, problem } from "../contract/problem.ts";
import { type Levels, levelOf } from "./levels.ts";

/** What a bill came to: `refusal` stops the run, `note` is told. Neither: it passed, or nobody asks. */
export interface Ruled {
  readonly refusal?: Problem;
  readonly note?: Problem;
}

/**
 * Judges a bill by the rules on estimates: FW4030 where it is over its ceiling, FW4031 where something on it has no
 * price. Which of them refuse is said by the levels of the rule, and by `policies.unproven`.
 * @param at Where the ceiling is written.
 * @param organisation Levels of policies/levels.yaml.
 */
export function judgeBill(
  bill: Bill,
  { policies }: Environment,
  at: ProblemDetails,
  organisation: Levels = {},
): Ruled {
  const levels = { ...organisation, ...policies.levels };
  for (const rule of ESTIMATE_RULES) {
    const level = levelOf(rule, levels);
    const { outcome, message } = rule.check(bill);
    if (level === "disabled" || outcome === "pass") continue;
    const found = problem(outcome === "fail" ? "FW4030" : "FW4031", `${rule.name}: ${message}`, {
      ...at,
      hint:
        outcome === "fail"
          ? rule.fix
          : "write the missing prices under spec.costs.prices of the environment",
    });
    const refuses = level === "mandatory" && (outcome === "fail" || policies.unproven === "block");
    return refuses ? { refusal: found } : { note: found };
  }
  return {};
}
