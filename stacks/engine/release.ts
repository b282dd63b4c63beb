import type { Change, StackResult } from "../contract/result.ts";
import { memoryOutputs } from "../program/memory.ts";
import type { Lease } from "../state/lease.ts";
import { type Deployment, withoutProtect } from "../state/repair.ts";
import { type LastCopy, buryStack } from "../state/tombstone.ts";
import { type Judgement, type Loss, judgeLosses, lossesOf } from "./consent.ts";
import { nameOf } from "./event-reader.ts";
import { keepVolumes } from "./keep-volumes.ts";
import type { Worker } from "./pool.ts";
import type { StackTask } from "./stack.ts";
import { type Recorded, rewriteState } from "./stack-state.ts";
import { type Copies, type Unlocked, snapshotOf, unlock } from "./unlock.ts";

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

/** What holds data and goes in a run: where it is protected, what may; elsewhere all that the preview deletes or replaces. */
export const goingOf = (
  task: StackTask,
  { resources }: Recorded,
  changes: readonly Change[],
  { allowed, emptied }: Judgement,
): readonly Loss[] =>
  guards(task)
    ? [...allowed.map(({ loss }) => loss), ...emptied]
    : lossesOf(task.plan, resources, changes);

/**
 * Makes it possible that resources with data go: a last copy of each is made sure of, the cloud's own locks and the engine's
 * protection are lifted, and the consents count as used. Where data is disposable only the locks are opened: they may be left
 * of a time when it was not. Done again, it does the same.
 * @param spent Keys of consents that count as used from here on.
 * @returns The copies; AWS makes its snapshots when it deletes what they are of.
 * @throws FairwayError FW4025 where a copy cannot be made, or what the cloud said to its locks; the state is as it was.
 */
export async function release(
  task: StackTask,
  worker: Worker,
  {
    lease,
    recorded: { deployment, resources },
    going,
    spent,
  }: {
    readonly lease: Lease;
    readonly recorded: Recorded;
    readonly going: readonly Loss[];
    readonly spent: readonly string[];
  },
): Promise<readonly LastCopy[]> {
  const { rehearsal, retire } = task.request;
  const guarded = guards(task);
  // Nothing is protected here any more, whatever it was when it was made.
  if (!guarded && deployment?.resources?.some(({ protect }) => protect === true))
    await rewriteState(task, withoutProtect);
  const copies: LastCopy[] = [];
  if (going.length > 0 && deployment) {
    const urns = new Set(going.map(({ urn }) => urn));
    const volumes =
      rehearsal || !guarded
        ? []
        : await keepVolumes(
            task,
            resources.filter(({ urn }) => urns.has(urn)),
          );
    const stamp = task.run.replace(/\D/g, "").slice(0, 14);
    const kept = guarded ? "of all" : "as it says";
    const unlocked = await unlock(task, worker, { lease, deployment, urns, stamp, copies: kept });
    if (guarded || unlocked.size > 0)
      await rewriteState(task, (now) => released(now, { urns, unlocked, spent }));
    copies.push(...snapshotsOf(deployment, urns, stamp, kept), ...volumes);
  }
  if (retire)
    await buryStack(task.backend, { stack: task.plan.stack, run: task.run, copies, done: false });
  return copies;
}

/** What people are told of last copies. */
export const copyNotes = (copies: readonly LastCopy[], status: StackResult["status"]): string[] =>
  copies.map(({ of, kind, name }) =>
    kind === "snapshot" && status !== "succeeded"
      ? `the last copy of ${of} will be the ${kind} ${name}`
      : `last copy of ${of}: ${kind} ${name}`,
  );

const snapshotsOf = (
  { resources = [] }: Deployment,
  urns: ReadonlySet<string>,
  stamp: string,
  kept: Copies,
): LastCopy[] =>
  resources.flatMap((one) => {
    const name = urns.has(one.urn) ? snapshotOf(one, stamp, kept) : undefined;
    return name === undefined ? [] : [{ of: nameOf(one.urn), kind: "snapshot", name }];
  });

/** A deployment from which resources may go. */
const released = (
  deployment: Deployment,
  {
    urns,
    unlocked,
    spent,
  }: {
    readonly urns: ReadonlySet<string>;
    readonly unlocked: ReadonlyMap<string, Unlocked>;
    readonly spent: readonly string[];
  },
): Deployment => ({
  ...deployment,
  resources: (deployment.resources ?? []).map((resource) => {
    if (resource.type === "pulumi:pulumi:Stack")
      return {
        ...resource,
        outputs: { ...resource.outputs, ...memoryOutputs({ spent, identities: {} }) },
      };
    if (!urns.has(resource.urn)) return resource;
    const { protect: _, ...rest } = resource;
    return { ...rest, ...unlocked.get(resource.urn) };
  }),
});
