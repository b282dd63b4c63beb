import { LABELS, consumesLabel, splitStack, stackBase } from "../contract/names.ts";
import { NAMESPACE_TYPE } from "../contract/data.ts";
import type { Plan } from "../contract/plan.ts";
import { FairwayError, problem, type Problem } from "../contract/problem.ts";
import type { Workspace } from "../contract/workspace.ts";
import { locateProblem } from "../plan/locate.ts";
import { KEPT_FOR } from "../engine/keep-volumes.ts";
import { statusOf } from "../providers/kubernetes/failure.ts";
import { listStacks, readResources } from "../state/checkpoint.ts";
import { type Tombstone, buryStack } from "../state/tombstone.ts";
import { withCluster } from "./cluster.ts";
import type { Site } from "./site.ts";
import { backendFor } from "./surroundings.ts";

/**
 * Refuses to retire a stack that others use: those whose descriptors say so, each at its line, and those that are deployed
 * so.
 * @throws FairwayError FW4021.
 */
export async function refuseUsed(
  site: Site,
  { positions }: Workspace,
  { stack, name }: Plan,
  all: readonly Plan[],
): Promise<void> {
  const written = all.filter((plan) => plan.stack !== stack && plan.dependsOn.includes(stack));
  const problems: Problem[] = written.map((plan) => {
    const edge = plan.edges.find(({ to }) => to.kind === "stack" && to.stack === stack);
    const reads = plan.items.find(({ args }) => args["stack"] === stack);
    const origin = edge?.origin ?? reads?.origins[""];
    return problem("FW4021", `${plan.name} uses ${name}`, {
      ...(origin && "file" in origin && { file: origin.file, path: origin.path }),
      hint: `take it out of ${plan.name}, deploy that, then retire ${name}`,
    });
  });
  const told = new Set(written.map((plan) => plan.stack));
  for (const other of await deployedUsers(site, stack))
    if (!told.has(other))
      problems.push(
        problem("FW4021", `${other} uses ${name} as it is deployed`, {
          hint: `deploy what its descriptor says now, or retire ${stackBase(other)} first`,
        }),
      );
  if (problems.length > 0)
    throw new FairwayError(problems.map((each) => locateProblem(each, positions)));
}

/** Stacks that may call this one's pods, or read its outputs, as they are recorded. */
async function deployedUsers({ context, environment }: Site, stack: string): Promise<string[]> {
  const backend = await backendFor(context, environment);
  const label = consumesLabel(stackBase(stack));
  const users: string[] = [];
  for (const other of await listStacks(backend)) {
    if (other === stack || splitStack(other).environment !== environment.name) continue;
    const resources = (await readResources(backend, other)) ?? [];
    const uses = resources.some(({ type, inputs }) => {
      if (type === "pulumi:pulumi:StackReference")
        return String(inputs["name"]).endsWith(`/${stack}`);
      const metadata = inputs["metadata"] as { labels?: Record<string, unknown> } | undefined;
      return type === NAMESPACE_TYPE && metadata?.labels?.[label] === environment.name;
    });
    if (uses) users.push(other);
  }
  return users;
}

/** What is told of a service that was retired, or is being retired: where it stands and what to do. */
export function retiredProblem(
  { stack, name, environment, guard }: Pick<Plan, "stack" | "name" | "environment" | "guard">,
  { began, ended }: Tombstone,
): Problem {
  const command = `fairway retire ${name} --env ${environment}`;
  const day = (ended ?? began).slice(0, 10);
  return problem(
    "FW4022",
    ended === undefined
      ? `${stack} is being retired since ${day}`
      : `${stack} was retired on ${day}`,
    {
      ...(guard && { file: guard.file }),
      hint:
        ended === undefined
          ? `run \`${command} --yes\` again: it goes on from where it stopped`
          : `take it out of the repository; to begin anew without its data run \`${command} --forget --yes\``,
    },
  );
}

/**
 * Ends the retirement of a stack that is gone: what no state knows of goes too, and the tombstone says that nothing is left.
 * A run that broke off before is done again.
 */
export async function endRetirement(
  site: Site,
  { services }: Workspace,
  plan: Plan,
  run: string,
): Promise<void> {
  const { context, environment, because } = site;
  const was = services[plan.name]?.in[plan.environment]?.was ?? [];
  if (because === undefined)
    await sweepObjects(site, [...new Set([plan.name, stackBase(plan.stack), ...was])]);
  const backend = await backendFor(context, environment);
  await buryStack(backend, { stack: plan.stack, run, copies: [], done: true });
}

/** Removes objects of services by their label, such as secrets that the team brought; volumes that are kept stay. */
async function sweepObjects(site: Site, services: readonly string[]): Promise<void> {
  const { context, environment } = site;
  const selector = `${LABELS.environment}=${environment.name},${LABELS.service} in (${services.join(",")})`;
  return withCluster(context, environment, async ({ client, list }) => {
    const get = async (path: string): Promise<Record<string, unknown>> =>
      (await client.request({ method: "GET", path, signal: context.signal })).body;
    const groups = ((await get("/apis"))["groups"] ?? []) as {
      preferredVersion: { groupVersion: string };
    }[];
    for (const base of [
      "/api/v1",
      ...groups.map((one) => `/apis/${one.preferredVersion.groupVersion}`),
    ]) {
      const kinds = ((await get(base).catch((): Record<string, unknown> => ({})))["resources"] ??
        []) as {
        name: string;
        namespaced: boolean;
        verbs: readonly string[];
      }[];
      for (const { name: plural, namespaced, verbs } of kinds) {
        if (plural.includes("/") || !verbs.includes("list") || !verbs.includes("delete")) continue;
        for (const { metadata } of await list(`${base}/${plural}`, { labelSelector: selector })) {
          if (metadata.annotations?.[KEPT_FOR] !== undefined) continue;
          const path = namespaced
            ? `${base}/namespaces/${metadata.namespace}/${plural}/${metadata.name}`
            : `${base}/${plural}/${metadata.name}`;
          await client
            .request({ method: "DELETE", path, signal: context.signal })
            .catch((error: unknown) =>
              statusOf(error) === 404 ? undefined : Promise.reject(error as Error),
            );
        }
      }
    }
  });
}
