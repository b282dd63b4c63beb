import path from "node:path";
import type { CostComparison, EnvironmentCost } from "../../contract/cost.ts";
import type { Environment } from "../../contract/environment.ts";
import { nearest } from "../../contract/nearest.ts";
import { problem, type Problem } from "../../contract/problem.ts";
import type { Workspace } from "../../contract/workspace.ts";
import { compare } from "../../cost/compare.ts";
import { estimate } from "../../cost/estimate.ts";
import { PRICES } from "../../cost/prices.ts";
import { readLevels } from "../../judge/organisation.ts";
import { locateProblem } from "../../plan/locate.ts";
import { comparisonText, costText } from "../../report/cost-text.ts";
import { baseOf, nothingToCompare } from "../base.ts";
import type { Run } from "../command.ts";
import { judgeCost, remarks } from "../costs.ts";
import { plansOf, readWorkspace } from "../planning.ts";
import { selectEnvironments, selectServices } from "../select.ts";

/** `fairway cost`: what a month costs, from the plans, and what a change makes of it. */
export const run: Run = async (context, input) => {
  const workspace = await readWorkspace(context, input);
  const names = selectEnvironments(workspace, input, "all");
  const services = selectServices(Object.keys(workspace.services), input, "all");
  const whole = input.operands.length === 0;
  const plans = plansOf(context, workspace, input, names, services);
  const levels = readLevels(path.join(context.checkout, "policies", "levels.yaml"));
  const base = input.flags["base"] as string | undefined;
  const environments: EnvironmentCost[] = [];
  const comparisons: CostComparison[] = [];
  const notes: Problem[] = [];
  for (const name of names) {
    const environment = workspace.environments[name]!;
    // What all services stand on is nobody's part of it.
    const counted = plans.filter(
      (plan) => plan.environment === name && (whole || plan.kind !== "platform"),
    );
    const cost = estimate(counted, environment);
    environments.push(cost);
    notes.push(...remarks(judgeCost(cost, workspace, environment, levels, whole), workspace));
    if (whole) notes.push(...unusedPrices(cost, environment, workspace));
    if (base === undefined) continue;
    const compared = await baseOf(context, name, base);
    notes.push(...nothingToCompare(compared));
    const { before } = compared;
    if (!before) continue;
    const same = new Set([...services, ...counted.map((plan) => plan.name)]);
    const earlier = before.plans.filter(
      (plan) => whole || (plan.kind !== "platform" && same.has(plan.name)),
    );
    comparisons.push(compare(estimate(earlier, before.environment), cost, base));
  }
  const how = { color: context.color, columns: context.columns, lines: !whole };
  return {
    exit: 0,
    data: {
      currency: "USD",
      prices: { date: PRICES.date, sources: PRICES.sources },
      environments,
      ...(base !== undefined && { base, comparisons }),
    },
    text: environments
      .map((cost) => {
        const compared = comparisons.find(({ environment }) => environment === cost.environment);
        return compared ? comparisonText(compared, how) : costText(cost, how);
      })
      .join("\n\n"),
    notes,
  };
};

/** FW4032 for own prices that change nothing: no item is counted in them, and the platform has no price for them either. */
function unusedPrices(
  cost: EnvironmentCost,
  environment: Environment,
  { positions }: Workspace,
): Problem[] {
  const used = new Set(
    cost.stacks.flatMap(({ items }) => items.flatMap(({ lines }) => lines.map(({ sku }) => sku))),
  );
  const listed = Object.values(PRICES.prices).flatMap(Object.keys);
  const known = [...new Set([...used, ...listed])];
  return Object.keys(environment.costs.prices)
    .filter((sku) => !known.includes(sku) && !sku.startsWith("cluster."))
    .map((sku) => {
      const near = nearest(sku, known);
      const found = problem("FW4032", `nothing in ${environment.name} is counted in ${sku}`, {
        file: environment.file,
        path: "spec.costs.prices",
        ...(near && { hint: `did you mean ${near}?` }),
      });
      return locateProblem(found, positions);
    });
}
