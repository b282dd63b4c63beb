import { DELETION_FLAGS, LAST_SNAPSHOT } from "../contract/data.ts";
import type { Plan, PlanCloud } from "../contract/plan.ts";
import { FairwayError } from "../contract/problem.ts";
import type { Change } from "../contract/result.ts";
import { RECORDED } from "../program/names.ts";
import type { RecordedSpec } from "../program/recorded.ts";
import type { StateResource } from "../state/checkpoint.ts";
import type { Lease } from "../state/lease.ts";
import { type LastCopy, buryStack } from "../state/tombstone.ts";
import { type Judgement, type Loss, judgeLosses, lossesOf } from "./consent.ts";
import { nameOf } from "./event-reader.ts";
import { performHalf } from "./half.ts";
import { keepVolumes } from "./keep-volumes.ts";
import { orphanPlan } from "./orphan.ts";
import type { Worker } from "./pool.ts";
import type { StackTask, Told } from "./stack.ts";
import { type Recorded, recordedOf, setProtect } from "./stack-state.ts";

/** Day of today, as consents name theirs. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** Whether data in the task's environment is protected. */
export const guards = ({ request }: StackTask): boolean =>
  request.environment.stateful === "protect";

/** What a preview's changes mean for data. */
export function judgeChanges(
  task: StackTask,
  { resources, spent }: Recorded,
  changes: readonly Change[],
): Judgement {
  if (!guards(task)) return { allowed: [], emptied: [], refused: [] };
  const losses = lossesOf(task.plan, resources, changes);
  return judgeLosses(task.plan, losses, resources, { changes, spent, today: today() });
}

/**
 * Makes it possible that resources with data go: a last copy of each is made sure of, AWS's own locks and the engine's
 * protection are lifted. Done again, it does the same.
 * @returns What people are told of the copies.
 * @throws FairwayError FW4025 where a copy cannot be made, and before anything was lifted.
 */
export async function release(
  task: StackTask,
  worker: Worker,
  {
    lease,
    recorded,
    going,
  }: { readonly lease: Lease; readonly recorded: Recorded; readonly going: readonly Loss[] },
): Promise<string[]> {
  // Nothing is protected here any more, whatever it was when it was made.
  if (!guards(task))
    await setProtect(
      task,
      recorded.resources.map(({ urn }) => urn),
      false,
    );
  if (going.length === 0) {
    if (task.request.retire) buryStack(task, { copies: [], done: false });
    return [];
  }
  const urns = new Set(going.map(({ urn }) => urn));
  const resources = recorded.resources.filter(({ urn }) => urns.has(urn));
  const stamp = task.run.replace(/\D/g, "").slice(0, 14);
  const copies: LastCopy[] = [
    ...resources.flatMap((resource) => snapshotOf(resource, stamp) ?? []),
    ...(task.request.rehearsal ? [] : await keepVolumes(task, resources)),
  ];
  await unlock(task, worker, lease, recorded, resources, stamp);
  if (task.request.retire) buryStack(task, { copies, done: false });
  await setProtect(task, [...urns], false);
  return copies.map(({ of, kind, name }) => `last copy of ${of}: ${kind} ${name}`);
}

/** What was replaced is protected again, as what was there before it. */
export async function protectAgain(task: StackTask, going: readonly Loss[]): Promise<void> {
  const replaced = going.filter(({ action }) => action === "replace");
  if (replaced.length > 0)
    await setProtect(
      task,
      replaced.map(({ urn }) => urn),
      true,
    );
}

/** A stack of which nothing is left; of a retired one a tombstone is. */
export function ended(task: StackTask, told: Told): Told {
  if (task.request.retire) buryStack(task, { copies: [], done: true });
  return told;
}

/** The last snapshot that AWS makes when it deletes a resource. */
function snapshotOf({ urn, type, inputs }: StateResource, stamp: string): LastCopy | undefined {
  return LAST_SNAPSHOT.has(type)
    ? { of: nameOf(urn), kind: "snapshot", name: snapshotName(urn, inputs, stamp) }
    : undefined;
}

/** Its name is unique in the account, however often something of the name was deleted; a run that broke off gave it already. */
function snapshotName(urn: string, inputs: StateResource["inputs"], stamp: string): string {
  const name = inputs["finalSnapshotIdentifier"];
  const base = typeof name === "string" ? name : `${nameOf(urn)}-final`;
  return /-final-\d{14}$/.test(base) ? base : `${base.replace(/-final$/, "")}-final-${stamp}`;
}

/** Has the engine change what AWS asks for before it deletes: its locks, and the names of last snapshots. */
async function unlock(
  task: StackTask,
  worker: Worker,
  lease: Lease,
  recorded: Recorded,
  resources: readonly StateResource[],
  stamp: string,
): Promise<void> {
  const locked = resources.filter(({ type }) => type in DELETION_FLAGS || LAST_SNAPSHOT.has(type));
  if (locked.length === 0) return;
  const specs = locked.map((resource) => specOf(resource, recorded.resources, stamp));
  const cloud = cloudOf(recorded.resources);
  const plan: Plan = {
    ...orphanPlan(task.plan.stack),
    environment: task.plan.environment,
    ...(cloud && { cloud }),
    items: [
      {
        id: RECORDED,
        component: RECORDED,
        args: { specs } as unknown as Plan["items"][number]["args"],
        origins: {},
        after: [],
        stateful: false,
      },
    ],
  };
  const targets = locked.flatMap(({ urn }) => ["--target", urn]);
  const half = await performHalf(task, worker, {
    phase: "unlock",
    args: ["up", "--yes", "--skip-preview", ...targets],
    backend: task.backend,
    plan,
    shared: [],
    judged: false,
    lease,
  });
  // The engine complains of what depends on a target and is not registered, and leaves it alone: the state says what counts.
  const now = new Map((await recordedOf(task)).resources.map(({ urn, inputs }) => [urn, inputs]));
  const open = locked.every(({ urn, type }) => now.get(urn)?.[DELETION_FLAGS[type] ?? ""] !== true);
  const deleted = recorded.resources.some(({ urn }) => !now.has(urn));
  if (!open || deleted) throw new FairwayError(half.ending.problems);
}

function specOf(
  resource: StateResource,
  recorded: readonly StateResource[],
  stamp: string,
): RecordedSpec {
  const { urn, type, inputs } = resource;
  const flag = DELETION_FLAGS[type];
  const changed: Record<string, string | boolean> = {
    ...(flag !== undefined && { [flag]: false }),
    ...(LAST_SNAPSHOT.has(type) && {
      finalSnapshotIdentifier: snapshotName(urn, inputs, stamp),
      ...(flag !== undefined && { skipFinalSnapshot: false }),
    }),
  };
  const parents: { type: string; name: string }[] = [];
  for (let at = resource.parent; at !== undefined;) {
    const parent = recorded.find((one) => one.urn === at);
    if (!parent || parent.type === "pulumi:pulumi:Stack") break;
    parents.unshift({ type: parent.type, name: nameOf(parent.urn) });
    at = parent.parent;
  }
  return {
    type,
    name: nameOf(urn),
    parents,
    inputs: changed,
    kept: Object.keys(inputs).filter((key) => !(key in changed) && key !== "__defaults"),
  };
}

/** The account in which the stack's resources are recorded. */
function cloudOf(recorded: readonly StateResource[]): PlanCloud | undefined {
  const provider = recorded.find(({ type }) => type === "pulumi:providers:aws");
  if (!provider) return undefined;
  const { region, allowedAccountIds, defaultTags } = provider.inputs;
  const ids = parsed(allowedAccountIds);
  const { tags = {} } = (parsed(defaultTags) ?? {}) as { tags?: Record<string, string> };
  return {
    provider: "aws",
    region: String(region),
    account: Array.isArray(ids) ? String(ids[0]) : "",
    tags,
  };
}

/** Lists and maps among a provider's inputs are recorded as JSON. */
const parsed = (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value);
