import type { Bill, EnvironmentCost } from "../contract/cost.ts";
import type { Environment } from "../contract/environment.ts";
import type { ProblemDetails } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";
import { sourceOf } from "../contract/source.ts";

/** A bill, and where its ceiling is written. */
export interface PlacedBill {
  readonly bill: Bill;
  readonly at: ProblemDetails;
  /** Absent: for the whole environment. */
  readonly stack?: string;
}

/**
 * What has a ceiling: each service by its descriptor's, or else the environment's for one service, and the environment by
 * its own. A shared resource is in the environment's bill and in no service's.
 * @param cost Of the whole environment, or of some services where `whole` is false: then the environment has no bill.
 * @param services Services of the environment by name.
 */
export function billsOf(
  cost: EnvironmentCost,
  environment: Environment,
  services: Readonly<Record<string, Service>>,
  whole: boolean,
): PlacedBill[] {
  const { budget, file, name } = environment;
  const perService = cost.stacks.flatMap(({ kind, stack, name: service, usd, missing }) => {
    const model = kind === "service" ? services[service] : undefined;
    const ceiling = model?.costCeiling ?? budget.service;
    if (!model || ceiling === undefined) return [];
    const at =
      model.costCeiling === undefined
        ? { file, path: "spec.budget.service" }
        : sourceOf(model, "costCeiling");
    return [{ stack, at, bill: { about: stack, usd, missing, ceiling } }];
  });
  if (!whole || budget.monthly === undefined) return perService;
  return [
    ...perService,
    {
      at: { file, path: "spec.budget.monthly" },
      bill: {
        about: `everything in ${name}`,
        usd: cost.usd,
        missing: cost.missing,
        ceiling: budget.monthly,
      },
    },
  ];
}
