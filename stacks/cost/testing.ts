import type { Environment } from "../contract/environment.ts";
import type { Plan } from "../contract/plan.ts";
import { FairwayError } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";
import type { Workspace } from "../contract/workspace.ts";
import { planWorkspace } from "../plan/workspace.ts";

/** A workspace of one environment that was read from no files. */
export function workspaceOf(services: readonly Service[], environment: Environment): Workspace {
  const loaded = services.map((service) => {
    const { name, folder, file } = service;
    return [name, { name, folder, file, in: { [environment.name]: service } }] as const;
  });
  return {
    root: "/nowhere",
    services: Object.fromEntries(loaded),
    environments: { [environment.name]: environment },
    positions: { at: () => undefined },
    problems: [],
    notes: [],
  };
}

/** Plans of services, of what they share, and of the platform. */
export function planEstimated(
  services: readonly Service[],
  environment: Environment,
): readonly Plan[] {
  const workspace = workspaceOf(services, environment);
  const { plans, problems } = planWorkspace(workspace, { environments: [environment.name] });
  if (problems.length > 0) throw new FairwayError(problems);
  return plans;
}
