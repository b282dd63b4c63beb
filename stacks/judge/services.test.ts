import { expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { planWorkspace } from "../plan/workspace.ts";
import { record } from "../record/record.ts";
import { judge } from "./judge.ts";
import { settingsOf } from "./settings.ts";

const workspace = await loadWorkspace(checkoutRoot());

test.each(Object.values(workspace.environments).map((one) => [one.name, one] as const))(
  "everything that the house's services make in %s meets every rule",
  async (name, environment) => {
    const { plans, problems } = planWorkspace(workspace, { environments: [name] });
    expect(problems).toEqual([]);
    expect(plans.map(({ stack }) => stack)).toContain(`user-service.${name}`);
    for (const plan of plans) {
      const verdicts = judge(await record(plan), settingsOf(environment));
      const wrong = verdicts.filter(({ outcome }) => !["pass", "not-applicable"].includes(outcome));
      expect(wrong).toEqual([]);
      const judged = verdicts.filter(({ outcome }) => outcome === "pass");
      expect(judged.length).toBeGreaterThanOrEqual(plan.kind === "service" ? 25 : 3);
    }
  },
);
