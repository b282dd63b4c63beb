import { cloudStack, platformStack, splitStack, stackBase } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import { FairwayError, type Problem } from "../contract/problem.ts";
import type { Operation } from "../contract/result.ts";
import type { Workspace } from "../contract/workspace.ts";
import { orphanPlan } from "../engine/orphan.ts";
import { type Backend, openBackend } from "../state/backend.ts";
import { listAll, listStacks, readOutputs } from "../state/checkpoint.ts";
import { setLostStateAside } from "../state/lost-cluster.ts";
import { readTombstone } from "../state/tombstone.ts";
import { type Base, affectedSince, baseOf, differing, leftBehind, removedSince } from "./base.ts";
import { withCluster } from "./cluster.ts";
import type { Context, Input } from "./command.ts";
import { plansOf } from "./planning.ts";
import type { KnownBase } from "./rehearse-base.ts";
import { refuseSeveral, selectServices, selectStacks } from "./select.ts";
import type { Site } from "./site.ts";
import { backendFor } from "./surroundings.ts";

/** The stacks that a command is about. */
export interface Chosen {
  readonly plans: readonly Plan[];
  /** Where they are worked on, with what was found out about it. */
  readonly site: Site;
  /** What is to be rehearsed before them. */
  readonly base?: KnownBase;
  /** What is worth knowing beside them. */
  readonly notes: readonly Problem[];
}

/** The stacks of descriptors, with what they need and is not up to date. What is wrong is told before anything is started. */
export async function chooseDescribed(
  context: Context,
  input: Input,
  workspace: Workspace,
  site: Site,
): Promise<Chosen> {
  const { environment } = site;
  const described = Object.keys(workspace.services);
  const services = selectServices(described, input, "none");
  const plans = plansOf(context, workspace, input, [environment.name], services);
  const revision = input.flags["base"] as string | undefined;
  if (revision !== undefined) {
    const base = await baseOf(context, environment.name, revision);
    const touched = affectedSince(base, plans);
    const notes = removedSince(base, workspace, environment.name).map((stack) =>
      leftBehind(stack, environment, described),
    );
    await forgetLostCluster(site);
    return { plans: touched, site, notes, ...(site.because !== undefined && knownBase(base)) };
  }
  await forgetLostCluster(site);
  if (site.looks === true) {
    const first = await chooseFirst(context, site, plans);
    if (first) return first;
  }
  if (input.flags["all"] === true) return { plans, site, notes: [] };
  const backend = await backendFor(site.context, environment);
  const current = await Promise.all(
    plans.map(
      async (plan) =>
        plan.kind !== "service" &&
        (await readOutputs(backend, plan.stack))?.["digest"] === plan.digest,
    ),
  );
  return { plans: plans.filter((_, index) => !current[index]), site, notes: [] };
}

/**
 * The first preview in rehearsal: what differs from the last commit is shown against it. Undefined where something is
 * rehearsed already, and where nothing differs: then everything is shown, as new.
 */
async function chooseFirst(
  context: Context,
  site: Site,
  plans: readonly Plan[],
): Promise<Chosen | undefined> {
  const { environment, because } = site;
  if ((await listStacks(await backendFor(site.context, environment))).length > 0) return undefined;
  const base = await committed(context, environment.name);
  const known = base && knownBase(base).base;
  if (!known) return undefined;
  const touched = differing(known.before.plans, plans);
  if (touched.length === 0) return undefined;
  const left = plans.length - touched.length;
  const more =
    left === 0 ? "" : `; ${left} of ${plans.length} stacks are as committed and left out`;
  return {
    plans: touched,
    site: { ...site, because: `${because}${more}` },
    base: known,
    notes: [],
  };
}

/** The last commit; undefined where the root is in no repository. */
async function committed(context: Context, environment: string): Promise<Base | undefined> {
  try {
    return await baseOf(context, environment, "HEAD");
  } catch (error) {
    if (FairwayError.is(error)) return undefined;
    throw error;
  }
}

const knownBase = (base: Base): { readonly base?: KnownBase } =>
  base.before ? { base: { ...base, before: base.before } } : {};

/** Names of the stacks that `destroy` leaves. */
const PLATFORMS: readonly string[] = [platformStack, cloudStack].map(
  (stackOf) => splitStack(stackOf("any")).name,
);

/**
 * Stacks that have state: services by name, one by its full name, shared ones with `--all`, orphans too. The platform
 * stays.
 * @throws FairwayError FW7020 where it is not plain which one is to be destroyed or retired.
 */
export async function chooseDeployed(
  context: Context,
  input: Input,
  workspace: Workspace,
  site: Site,
  operation: Operation,
  retire: boolean,
): Promise<readonly Plan[]> {
  const { environment } = site;
  const otherwise = operation === "refresh" ? "all" : "none";
  // Whoever named nothing is told before anything is started.
  if (input.operands.length === 0)
    selectServices(Object.keys(workspace.services), input, otherwise);
  await forgetLostCluster(site);
  const plans = plansOf(
    context,
    workspace,
    { ...input, flags: { ...input.flags, image: undefined } },
    [environment.name],
  );
  const planned = new Map(plans.map((plan) => [plan.stack, plan]));
  const backend = await backendFor(site.context, environment);
  const { stacks: there, retired } = await listAll(backend);
  const gone = operation === "destroy" ? retired : [];
  const known = [...new Set([...there, ...gone, ...planned.keys()])]
    .filter((stack) => splitStack(stack).environment === environment.name)
    .filter((stack) => operation === "refresh" || !PLATFORMS.includes(stackBase(stack)))
    .map((stack) => planned.get(stack) ?? orphanPlan(stack));
  const found: Plan[] = [];
  for (const plan of selectStacks(known, Object.keys(workspace.services), input, otherwise))
    if (
      there.includes(plan.stack) ||
      (gone.includes(plan.stack) && (await isRetiring(backend, plan.stack)))
    )
      found.push(plan);
  if (operation === "destroy") refuseSeveral(found, input, retire);
  return found;
}

/** Whether a run that retired a stack broke off, whatever of its state is left. */
const isRetiring = async (backend: Backend, stack: string): Promise<boolean> =>
  (await readTombstone(backend, stack))?.ended === undefined;

/** State of an embedded control plane that is gone is set aside before anything reads it (ADR 0008). */
async function forgetLostCluster({ context, environment, because }: Site): Promise<void> {
  if (because !== undefined) return;
  const { folder } = openBackend(context.root, environment);
  if (!("embedded" in environment.cluster) || folder === undefined) return;
  const identity = await withCluster(context, environment, async ({ client }) => {
    const reply = await client.request({
      method: "GET",
      path: "/api/v1/namespaces/kube-system",
      signal: context.signal,
    });
    return (reply.body["metadata"] as { uid?: string } | undefined)?.uid;
  });
  if (identity === undefined) return;
  const stamp = context.now().toISOString().replaceAll(":", "-");
  const lost = await setLostStateAside(context.root, environment.name, identity, folder, stamp);
  if (lost.length > 0)
    context.progress
      .step("state of a control plane that is gone")
      .end(`${lost.length} stacks moved to .fairway/lost/${stamp}`);
}
