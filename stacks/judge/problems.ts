import { RULES } from "../../policies/rules/index.ts";
import type { Verdict } from "../contract/finding.ts";
import { type Problem, problem } from "../contract/problem.ts";

/**
 * Why a stack may not be updated: FW4001 for each violation of a mandatory rule, FW4002 for each mandatory verdict that
 * could not be reached where the environment blocks on those, FW4004 for each mandatory rule that itself failed.
 * @param verdicts Located, so that a problem stands at the descriptor's line.
 */
export function refusals(verdicts: readonly Verdict[], unproven: "allow" | "block"): Problem[] {
  return verdicts.flatMap((verdict) => {
    const code = verdict.level === "mandatory" ? codeOf(verdict, unproven) : undefined;
    if (!code) return [];
    const about = `${verdict.type.split(":").at(-1) ?? verdict.type} ${verdict.name}`;
    return problem(code, `${verdict.rule}: ${about}: ${verdict.message ?? "violated"}`, {
      ...(verdict.at && {
        file: verdict.at.file,
        line: verdict.at.line,
        column: verdict.at.column,
        path: verdict.at.path,
      }),
      hint: wayOut(verdict.rule),
    });
  });
}

function codeOf({ outcome }: Verdict, unproven: "allow" | "block") {
  if (outcome === "fail") return "FW4001";
  if (outcome === "error") return "FW4004";
  return outcome === "unproven" && unproven === "block" ? "FW4002" : undefined;
}

/** What a rule says to do, and where the rest stands. */
function wayOut(name: string): string {
  const fix = RULES.find((rule) => rule.name === name)?.fix;
  return [fix, `More: fairway explain ${name}`].filter(Boolean).join(" ");
}
