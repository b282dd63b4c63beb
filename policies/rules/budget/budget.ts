import type { EstimateRule } from "../../../stacks/contract/finding.ts";

export const budget: EstimateRule = {
  scope: "estimate",
  name: "budget",
  description: "Nothing costs more in a month than its descriptor and its environment allow.",
  why: "A typed digit too many is a bill that nobody decided on, and it is seen a month later.",
  fix: "Ask for less, or raise the ceiling with whoever pays for it.",
  severity: "medium",
  // An estimate stops nobody until an operator, who knows the prices, says so.
  level: "advisory",
  fields: {
    ServiceRequest: ["spec.cost.ceiling", "spec.uses", "spec.scaling"],
    Score: ["resources", "containers"],
  },
  frameworks: [],
  check({ about, usd, missing, ceiling }) {
    const known = `${about} comes to $${usd.toFixed(2)} a month`;
    if (usd > ceiling)
      return { outcome: "fail", message: `${known}, and $${ceiling.toFixed(2)} are allowed` };
    if (missing.length > 0)
      return {
        outcome: "unproven",
        message: `${known} of $${ceiling.toFixed(2)} without what has no price: ${missing.join(", ")}`,
      };
    return { outcome: "pass", message: `${known} of $${ceiling.toFixed(2)}` };
  },
};
