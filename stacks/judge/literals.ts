import { secretLiterals } from "../../policies/rules/secret-literals/secret-literals.ts";
import type { Verdict } from "../contract/finding.ts";
import type { Change } from "../contract/result.ts";

/** Changes without the values of resources in which a secret stands as a literal: it would be shown to all who read of the change. */
export function hideLiterals(changes: readonly Change[], verdicts: readonly Verdict[]): Change[] {
  const found = new Set(
    verdicts
      .filter(
        ({ rule, outcome }) =>
          rule === secretLiterals.name && (outcome === "fail" || outcome === "waived"),
      )
      .map(({ urn }) => urn),
  );
  return changes.map((change) =>
    found.has(change.urn)
      ? {
          ...change,
          fields: change.fields.map(({ path, replaces }) => ({ path, replaces, secret: true })),
        }
      : change,
  );
}
