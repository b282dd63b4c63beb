import path from "node:path";
import { FairwayError, type Problem, onceEach } from "../contract/problem.ts";
import type { Plan } from "../contract/plan.ts";
import type { Workspace } from "../contract/workspace.ts";
import { levelProblems } from "../judge/levels.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { locateProblem } from "../plan/locate.ts";
import { planWorkspace } from "../plan/workspace.ts";
import type { Context, Input } from "./command.ts";
import { checkProperties, propertiesOf } from "./properties.ts";
import { selectImages } from "./select.ts";

/** The workspace at the root, with the properties that the command line overrides; a workspace with problems is refused with all of them. */
export async function readWorkspace(context: Context, input?: Input): Promise<Workspace> {
  const properties = input ? propertiesOf(input) : [];
  const workspace = await loadWorkspace(context.root, {
    cacheDir: path.join(context.root, ".fairway", "cache"),
    properties,
  });
  checkProperties(workspace, properties);
  const problems = [...workspace.problems, ...levelFaults(workspace)];
  if (problems.length > 0) throw new FairwayError(problems);
  return workspace;
}

/** Levels of environments that name no rule, each at its place. */
export const levelFaults = ({ environments, positions }: Workspace): Problem[] =>
  levelProblems(Object.values(environments)).map((fault) => locateProblem(fault, positions));

/** Plans of services in environments, with the platform's and the shared ones; problems are thrown, all at once. */
export function plansOf(
  context: Context,
  workspace: Workspace,
  input: Input,
  environments: readonly string[],
  services?: readonly string[],
): readonly Plan[] {
  const containers = Object.entries(workspace.services).map(([name, service]) => {
    const names = Object.values(service.in).flatMap((model) => Object.keys(model.containers));
    return [name, [...new Set(names)]] as const;
  });
  const images = selectImages(input, Object.fromEntries(containers));
  const { plans, problems } = planWorkspace(workspace, {
    environments,
    services,
    images,
    today: context.now().toISOString().slice(0, 10),
  });
  if (problems.length > 0) throw new FairwayError(problems);
  return plans;
}

/** What a plan says beside what it builds. */
export const remarksOf = ({ notes, refusals }: Plan): Problem[] => [...notes, ...refusals];

/** What plans say beside what they build, or only some of it, each at its place. */
export function notesOf(
  plans: readonly Plan[],
  workspace: Workspace,
  some: (plan: Plan) => readonly Problem[] = remarksOf,
): Problem[] {
  return onceEach(plans.flatMap(some)).map((note) => locateProblem(note, workspace.positions));
}
