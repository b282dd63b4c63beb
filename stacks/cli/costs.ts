import type { CostComparison, EnvironmentCost } from "../contract/cost.ts";
import type { Environment } from "../contract/environment.ts";
import type { Plan } from "../contract/plan.ts";
import { FairwayError, type Problem } from "../contract/problem.ts";
import type { Workspace } from "../contract/workspace.ts";
import { billsOf } from "../cost/bills.ts";
import { compare } from "../cost/compare.ts";
import { estimate } from "../cost/estimate.ts";
import { type Ruled, judgeBill } from "../judge/budget.ts";
import type { Levels } from "../judge/levels.ts";
import { locateProblem } from "../plan/locate.ts";
import { servicesIn } from "../plan/directory.ts";
import { planWorkspace } from "../plan/workspace.ts";
import { baseOf, nothingToCompare } from "./base.ts";
import type { Context, Input } from "./command.ts";

/** What stands for services that have no plan among what has no price. */
const UNPLANNED = "services that cannot be planned";

/** What everything in an environment costs. */
function wholeCost(
  context: Context,
  workspace: Workspace,
  environment: Environment,
): EnvironmentCost {
  const { plans, problems } = planWorkspace(workspace, {
    environments: [environment.name],
    today: context.now().toISOString().slice(0, 10),
  });
  const cost = estimate(plans, environment);
  return problems.length === 0 ? cost : { ...cost, missing: [...cost.missing, UNPLANNED] };
}

/** Every bill that has a ceiling, judged; `stack` is absent for that of the environment. */
export function judgeCost(
  cost: EnvironmentCost,
  workspace: Workspace,
  environment: Environment,
  levels: Levels,
  whole: boolean,
): readonly (Ruled & { readonly stack?: string })[] {
  const services = servicesIn(workspace, environment.name).map(
    (service) => [service.name, service] as const,
  );
  return billsOf(cost, environment, Object.fromEntries(services), whole).map(
    ({ bill, at, stack }) => ({
      ...judgeBill(bill, environment, at, levels),
      ...(stack !== undefined && { stack }),
    }),
  );
}

/**
 * Plans with a refusal or a note for each that is over its ceiling, or whose costs are not all known.
 * @throws FairwayError where the environment is over its budget: that refuses all of them.
 */
export function refuseOverBudget(
  context: Context,
  workspace: Workspace,
  environment: Environment,
  levels: Levels,
  plans: readonly Plan[],
): readonly Plan[] {
  const { monthly, service } = environment.budget;
  const named = plans.some(
    ({ kind, name }) =>
      kind === "service" &&
      workspace.services[name]?.in[environment.name]?.costCeiling !== undefined,
  );
  if (monthly === undefined && service === undefined && !named) return plans;
  const whole = monthly !== undefined;
  const cost = whole ? wholeCost(context, workspace, environment) : estimate(plans, environment);
  const ruled = judgeCost(cost, workspace, environment, levels, whole);
  const all = ruled.find(({ stack }) => stack === undefined);
  if (all?.refusal) throw new FairwayError(locateProblem(all.refusal, workspace.positions));
  return plans.map((plan, index) => {
    const own = ruled.filter(({ stack }) => stack === plan.stack);
    const told = index === 0 && all ? [...own, all] : own;
    const refusals = told.flatMap(({ refusal }) => refusal ?? []);
    const notes = told.flatMap(({ note }) => note ?? []);
    return refusals.length + notes.length === 0
      ? plan
      : {
          ...plan,
          refusals: [...plan.refusals, ...refusals],
          notes: [...plan.notes, ...notes],
        };
  });
}

/** What a change does to what an environment costs, where a preview compares it with a Git revision; a note where that says nothing of it. */
export async function costOfChange(
  context: Context,
  input: Input,
  workspace: Workspace,
  environment: Environment,
): Promise<{ readonly cost?: CostComparison; readonly notes: readonly Problem[] }> {
  const revision = input.flags["base"] as string | undefined;
  if (revision === undefined) return { notes: [] };
  const base = await baseOf(context, environment.name, revision);
  if (!base.before) return { notes: nothingToCompare(base) };
  const before = estimate(base.before.plans, base.before.environment);
  return { cost: compare(before, wholeCost(context, workspace, environment), revision), notes: [] };
}

/** Refusals and notes alike, at their places. */
export const remarks = (ruled: readonly Ruled[], { positions }: Workspace): Problem[] =>
  ruled.flatMap(({ refusal, note }) => {
    const found = refusal ?? note;
    return found ? [locateProblem(found, positions)] : [];
  });
