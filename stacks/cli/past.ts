import { recordedName, splitStack, stackBase } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { Workspace } from "../contract/workspace.ts";
import { sourceOf } from "../contract/source.ts";
import { type StateResource, listStacks, orphansOf, readResources } from "../state/checkpoint.ts";
import { readTombstone, tombstoneFile } from "../state/tombstone.ts";
import type { Site } from "./site.ts";
import { backendFor } from "./surroundings.ts";

/** Plans with a refusal for each service that was retired in the environment: deploying it would begin without its data. */
export async function refuseRetired(site: Site, plans: readonly Plan[]): Promise<readonly Plan[]> {
  const { context, environment } = site;
  const backend = await backendFor(context, environment);
  return plans.map((plan) => {
    const tombstone = readTombstone(context.root, backend, plan.stack);
    if (!tombstone) return plan;
    const day = (tombstone.ended ?? tombstone.began).slice(0, 10);
    const file = tombstoneFile(context.root, backend, plan.stack);
    return {
      ...plan,
      refusals: [
        ...plan.refusals,
        problem(
          "FW4022",
          tombstone.ended === undefined
            ? `${plan.stack} is being retired since ${day}`
            : `${plan.stack} was retired on ${day}`,
          {
            ...(plan.guard && { file: plan.guard.file }),
            hint:
              tombstone.ended === undefined
                ? `run \`fairway retire ${plan.name} --env ${plan.environment} --yes\` again: it goes on from where it stopped`
                : `take it out of the repository; to begin anew without its data remove ${file}`,
          },
        ),
      ],
    };
  });
}

/** Notes on services that are not deployed and ask for just what a deployed one without a descriptor has: perhaps a rename. */
export async function perhapsRenamed(
  site: Site,
  workspace: Workspace,
  plans: readonly Plan[],
  all: () => readonly Plan[],
): Promise<Problem[]> {
  const { context, environment } = site;
  const backend = await backendFor(context, environment);
  const stacks = await listStacks(backend);
  const fresh = plans.filter(({ kind, stack }) => kind === "service" && !stacks.includes(stack));
  if (fresh.length === 0) return [];
  const orphans = orphansOf(
    stacks,
    environment.name,
    all().map(({ stack }) => stack),
  ).filter((stack) => !stackBase(stack).startsWith("shared-"));
  const notes: Problem[] = [];
  for (const orphan of orphans) {
    const resources = await readResources(backend, orphan);
    const items = itemsIn(orphan, resources ?? []);
    if (items === "") continue;
    for (const plan of fresh.filter((one) => statefulIn(one) === items)) {
      const service = workspace.services[plan.name]?.in[environment.name];
      if (!service) continue;
      const { name: before } = splitStack(orphan);
      const names = [before, ...(service.was ?? [])].filter(
        (name, index, list) =>
          list.indexOf(name) === index && name !== recordedName({ name: plan.name }),
      );
      notes.push(
        problem(
          "FW4024",
          `${plan.name} is not deployed in ${environment.name}, and ${orphan}, which no descriptor asks for, has the same resources: ${items}`,
          {
            ...sourceOf(service, "name"),
            hint: service.file.endsWith("/service.yaml")
              ? `if it was renamed, write \`was: [${names.join(", ")}]\` under metadata; if not, run \`fairway retire ${before} --env ${environment.name} --yes\``
              : `if it was renamed, write \`fairway.dev/was: ${names.join(", ")}\` under metadata.annotations; if not, run \`fairway retire ${before} --env ${environment.name} --yes\``,
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
