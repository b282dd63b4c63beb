import { consumesLabel, splitStack, stackBase } from "../contract/names.ts";
import { NAMESPACE_TYPE } from "../contract/data.ts";
import type { Plan } from "../contract/plan.ts";
import { FairwayError, problem, type Problem } from "../contract/problem.ts";
import type { Workspace } from "../contract/workspace.ts";
import { locateProblem } from "../plan/locate.ts";
import type { Backend } from "../state/backend.ts";
import { type StateResource, listStacks, readResources } from "../state/checkpoint.ts";
import { type LastCopy, type Tombstone, buryStack } from "../state/tombstone.ts";
import { withCluster } from "./cluster.ts";
import { STORES } from "./secret-store.ts";
import type { Site } from "./site.ts";
import { backendFor } from "./surroundings.ts";
import { othersOf, sweepObjects } from "./sweep.ts";

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
  for (const [other, resources] of await recordedIn(backend, environment.name)) {
    if (other === stack) continue;
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
 * @param all Plans of the environment.
 */
export async function endRetirement(
  site: Site,
  { services }: Workspace,
  { stack, name }: Plan,
  all: readonly Plan[],
  run: string,
): Promise<void> {
  const { context, environment, because } = site;
  const backend = await backendFor(context, environment);
  if (because === undefined) {
    // A stack without a descriptor may have the name of a service whose past is another's.
    const described = all.some((plan) => plan.stack === stack);
    const was = described ? (services[name]?.in[environment.name]?.was ?? []) : [];
    const names = [...new Set([name, stackBase(stack), ...was])];
    const others = othersOf(stack, all, await recordedIn(backend, environment.name));
    await withCluster(context, environment, (reader) =>
      sweepObjects(reader, { stack, names, others, signal: context.signal }),
    );
    await letSecretsGo(site, backend, { stack, run });
  }
  await buryStack(backend, { stack, run, copies: [], done: true });
}

/** Deletes secrets that the team brought to the account of an environment; the tombstone says until when they can be had back. */
export async function letSecretsGo(
  { context, environment }: Site,
  backend: Backend,
  grave: { readonly stack: string; readonly run: string },
): Promise<void> {
  if (environment.cloud.provider !== "aws") return;
  const open = await STORES["secret-aws"]!();
  await open(context, environment, async (store) =>
    store.letGo?.(stackBase(grave.stack), async (going) => {
      const copies = going.map(({ name, until }): LastCopy => ({
        of: name.slice(name.lastIndexOf("/") + 1),
        kind: "secret",
        name,
        until,
      }));
      await buryStack(backend, { ...grave, copies, done: false });
      for (const copy of copies)
        context.progress.step(`last copy of ${copy.of}`).end(copyText(copy));
    }),
  );
}

/** What people are told of a last copy. */
export const copyText = ({ kind, name, until }: LastCopy): string =>
  `${kind} ${name}${until === undefined ? "" : ` (can be brought back until ${until})`}`;

/** What the stacks of an environment have. */
async function recordedIn(
  backend: Backend,
  environment: string,
): Promise<ReadonlyMap<string, readonly StateResource[]>> {
  const recorded = new Map<string, readonly StateResource[]>();
  for (const stack of await listStacks(backend))
    if (splitStack(stack).environment === environment)
      recorded.set(stack, (await readResources(backend, stack)) ?? []);
  return recorded;
}
