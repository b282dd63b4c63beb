import { recordedName, splitStack, stackBase } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { Workspace } from "../contract/workspace.ts";
import { sourceOf } from "../contract/source.ts";
import type { Backend } from "../state/backend.ts";
import { type StateResource, listAll, orphansOf, readResources } from "../state/checkpoint.ts";
import { readTombstone } from "../state/tombstone.ts";
import { retiredProblem } from "./retire.ts";
import type { Site } from "./site.ts";
import { backendFor } from "./surroundings.ts";

/** What the state of an environment holds. */
interface Deployed {
  readonly backend: Backend;
  readonly stacks: readonly string[];
  readonly environment: string;
}

/**
 * Plans with a refusal for each service that was retired in the environment: deploying it would begin without its data; and
 * notes on those that are not deployed and ask for just what a deployed one without a descriptor has.
 * @param all Gives the environment's plans.
 */
export async function recallPast(
  site: Site,
  workspace: Workspace,
  plans: readonly Plan[],
  all: () => readonly Plan[],
): Promise<{ readonly plans: readonly Plan[]; readonly notes: readonly Problem[] }> {
  const { name } = site.environment;
  const backend = await backendFor(site.context, site.environment);
  const { stacks, retired } = await listAll(backend);
  return {
    plans: await Promise.all(
      plans.map(async (plan) => {
        if (!retired.includes(plan.stack)) return plan;
        const tombstone = await readTombstone(backend, plan.stack);
        return tombstone
          ? { ...plan, refusals: [...plan.refusals, retiredProblem(plan, tombstone)] }
          : plan;
      }),
    ),
    notes: await perhapsRenamed({ backend, stacks, environment: name }, workspace, plans, all),
  };
}

/** Notes on services that are not deployed and ask for just what a deployed one without a descriptor has: perhaps a rename. */
async function perhapsRenamed(
  { backend, stacks, environment }: Deployed,
  workspace: Workspace,
  plans: readonly Plan[],
  all: () => readonly Plan[],
): Promise<Problem[]> {
  const fresh = plans.filter(({ kind, stack }) => kind === "service" && !stacks.includes(stack));
  if (fresh.length === 0) return [];
  const orphans = orphansOf(
    stacks,
    environment,
    all().map(({ stack }) => stack),
  ).filter((stack) => !stackBase(stack).startsWith("shared-"));
  const notes: Problem[] = [];
  for (const orphan of orphans) {
    const resources = await readResources(backend, orphan);
    const items = itemsIn(orphan, resources ?? []);
    if (items === "") continue;
    for (const plan of fresh.filter((one) => statefulIn(one) === items)) {
      const service = workspace.services[plan.name]?.in[environment];
      if (!service) continue;
      const { name: before } = splitStack(orphan);
      const names = [before, ...(service.was ?? [])].filter(
        (name, index, list) =>
          list.indexOf(name) === index && name !== recordedName({ name: plan.name }),
      );
      notes.push(
        problem(
          "FW4024",
          `${plan.name} is not deployed in ${environment}, and ${orphan}, which no descriptor asks for, has the same resources: ${items}`,
          {
            ...sourceOf(service, "name"),
            hint: service.file.endsWith("/service.yaml")
              ? `if it was renamed, write \`was: [${names.join(", ")}]\` under metadata; if not, run \`fairway retire ${before} --env ${environment} --yes\``
              : `if it was renamed, write \`fairway.dev/was: ${names.join(", ")}\` under metadata.annotations; if not, run \`fairway retire ${before} --env ${environment} --yes\``,
          },
        ),
      );
    }
  }
  return notes;
}

/** Items of a plan that hold data, as one text. */
const statefulIn = ({ items }: Plan): string =>
  items
    .filter(({ stateful }) => stateful)
    .map(({ id }) => id)
    .sort()
    .join(", ");

/** Recorded items that hold data: the outermost components of what is protected. */
function itemsIn(stack: string, resources: readonly StateResource[]): string {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const prefix = `${stackBase(stack)}-`;
  const items = new Set<string>();
  for (const resource of resources.filter(({ protect }) => protect)) {
    let outer = resource;
    for (let at = byUrn.get(resource.parent ?? ""); at && at.type !== "pulumi:pulumi:Stack";) {
      outer = at;
      at = byUrn.get(at.parent ?? "");
    }
    const name = outer.urn.slice(outer.urn.lastIndexOf("::") + 2);
    if (name.startsWith(prefix)) items.add(name.slice(prefix.length));
  }
  items.delete("tenancy");
  return [...items].sort().join(", ");
}
