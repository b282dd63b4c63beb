import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FairwayError, problem } from "../contract/problem.ts";
import { type Memory, memoryOf } from "../program/memory.ts";
import { forgetUnrecorded } from "../providers/rehearsal/world.ts";
import {
  type Backend,
  checkpointFile,
  createStack,
  fileBackend,
  fullName,
  prepareBackend,
} from "../state/backend.ts";
import {
  type StateResource,
  checkpointOf,
  readCheckpoint,
  readDeployment,
  stateSize,
} from "../state/checkpoint.ts";
import type { Lease } from "../state/lease.ts";
import { isMarked, isRehearsed, rehearsedProblem } from "../state/rehearsal.ts";
import {
  type Deployment,
  clearDeadLocks,
  isDeadLock,
  locksIn,
  mend,
  mendFile,
  rewriteFile,
  withoutProtect,
} from "../state/repair.ts";
import { demandRoom } from "../state/storage.ts";
import { type Commands, commandsIn, exportStack, importStack, initStack } from "./commands.ts";
import { lockProblem } from "./outcome.ts";
import type { StackTask } from "./stack.ts";

/** Deployments of the stacks whose outputs a plan reads, of those that have state. */
export async function sharedStates(task: StackTask): Promise<ReadonlyMap<string, Deployment>> {
  const names = task.plan.items
    .filter(({ component }) => component === "shared-reference")
    .map(({ args }) => String(args["stack"]));
  const found = await Promise.all(
    [...new Set(names)].map(async (stack) => [stack, await deploymentOf(task, stack)] as const),
  );
  return new Map(found.filter((pair): pair is [string, Deployment] => pair[1] !== undefined));
}

/**
 * Where a stack is previewed: in its own backend, or, where it has no state yet or the engine would refuse to look further
 * than what it protects, in a throwaway one that holds copies of the stacks it reads, so that a preview never writes the
 * team's state.
 */
export function previewBackend(
  task: StackTask,
  shared: ReadonlyMap<string, Deployment>,
  deployment: Deployment | undefined,
): Backend {
  const { stack } = task.plan;
  const walled = deployment?.resources?.some(({ protect }) => protect === true);
  if (deployment && walled !== true) return task.backend;
  const copies = new Map(shared);
  // All that would change is to be seen: the decision about data is taken on the preview (consent.ts).
  if (deployment) copies.set(stack, withoutProtect(deployment));
  return throwawayBackend(task, stack, copies);
}

/**
 * A backend of the run's own, where the stack may be changed without a trace.
 * @param name Of its folder.
 * @param copies What it holds of the stack and of others.
 */
export function throwawayBackend(
  task: StackTask,
  name: string,
  copies: ReadonlyMap<string, Deployment>,
): Backend {
  const folder = join(task.slot.scratch, name);
  rmSync(folder, { recursive: true, force: true });
  createStack(folder, task.plan.stack);
  for (const [stack, latest] of copies)
    writeFileSync(
      checkpointFile(folder, stack),
      JSON.stringify({ version: 3, checkpoint: { stack: fullName(stack), latest } }),
      { mode: 0o600 },
    );
  return fileBackend(folder);
}

/** What is recorded of the task's stack. */
export interface Recorded extends Memory {
  readonly deployment: Deployment | undefined;
  readonly resources: readonly StateResource[];
}

/** Reads what is recorded of the task's stack. */
export async function recordedOf(task: StackTask): Promise<Recorded> {
  const deployment = await deploymentOf(task, task.plan.stack);
  const resources = deployment ? checkpointOf(deployment).resources : [];
  const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  return { deployment, resources, ...memoryOf(outputs) };
}

/**
 * Writes the state of the task's stack anew.
 * @param change Gives the new deployment; undefined: nothing is written.
 */
export async function rewriteState(
  task: StackTask,
  change: (deployment: Deployment) => Deployment | undefined,
): Promise<void> {
  const { backend, plan } = task;
  if (backend.folder !== undefined) return rewriteFile(backend.folder, plan.stack, change);
  const deployment = await deploymentOf(task, plan.stack);
  const changed = deployment && change(deployment);
  if (changed) await putState(task, changed, new Set());
}

/** Whether a stack may have state: of a remote backend the engine finds out. */
export function mayExist({ backend, plan }: StackTask): boolean {
  return backend.folder === undefined || readDeployment(backend.folder, plan.stack) !== undefined;
}

/** Makes the stack in its backend, where it is not there yet. */
export async function makeStack(task: StackTask): Promise<void> {
  const { backend, plan, request } = task;
  const { secretsProvider } = request.environment;
  if (backend.folder !== undefined && secretsProvider === "passphrase") {
    if (readCheckpoint(backend.folder, plan.stack) !== undefined) return;
    rmSync(checkpointFile(backend.folder, plan.stack), { force: true });
    createStack(backend.folder, plan.stack);
    return;
  }
  if ((await deploymentOf(task, plan.stack)) !== undefined) return;
  await initStack(commandsOf(task), fullName(plan.stack, backend.organization), secretsProvider);
}

/**
 * Clears what a dead run left of a stack: the engine's lock and half-done operations.
 * @returns URNs of resources of which nobody here can know whether they were created.
 */
export async function repairStack(task: StackTask, { dead }: Lease): Promise<readonly string[]> {
  const { backend, plan, request } = task;
  const operation = request.operation === "destroy" ? "destroy" : "up";
  const isRehearsal = request.rehearsal !== undefined;
  if (backend.folder !== undefined) {
    prepareBackend(backend.folder);
    demandRoom(backend.folder, stateSize(backend.folder, plan.stack));
    clearDeadLocks(backend.folder, plan.stack, new Set(dead?.processes.map(({ pid }) => pid)));
    const pending = readCheckpoint(backend.folder, plan.stack)?.pending ?? [];
    if (pending.length > 0)
      request.onProgress?.({ stack: plan.stack, phase: "repairing", done: 0 });
    const undecided =
      pending.length > 0 ? mendFile(backend.folder, plan.stack, operation, isRehearsal) : [];
    if (request.rehearsal) forgetLeftOvers(backend.folder, plan.stack, request.rehearsal.world);
    return undecided;
  }
  if (!dead) return [];
  request.onProgress?.({ stack: plan.stack, phase: "repairing", done: 0 });
  const deployment = await deploymentOf(task, plan.stack);
  if (!deployment) return [];
  const mended = mend(deployment, operation);
  if (mended.undecided) return mended.undecided;
  await putState(task, mended.deployment, new Set(dead.processes.map(({ pid }) => pid)));
  return [];
}

/** What a rehearsed run made and did not live to write down exists in its world only, and goes. */
function forgetLeftOvers(folder: string, stack: string, world: string): void {
  const recorded = readCheckpoint(folder, stack)?.resources ?? [];
  const known = new Set(recorded.map(({ urn, id }) => `${urn} ${id}`));
  forgetUnrecorded(world, stack, (urn, id) => known.has(`${urn} ${id}`));
}

/** Writes a deployment, past the engine's locks if all of them are of processes of this machine that are gone. */
async function putState(
  task: StackTask,
  deployment: Deployment,
  dead: ReadonlySet<number>,
): Promise<void> {
  const { plan, slot, backend } = task;
  const name = fullName(plan.stack, backend.organization);
  const commands = commandsOf(task);
  const put = (): ReturnType<Commands> => importStack(commands, name, deployment, slot.folder);
  let done = await put();
  const locks = locksIn(done.stderr);
  if (locks.length > 0 && locks.every((lock) => isDeadLock(lock, dead))) {
    await commands("cancel", "--yes", "--stack", name);
    done = await put();
  }
  if (done.code === 0) return;
  throw new FairwayError(
    locks.length > 0
      ? lockProblem(plan.stack, done.stderr)
      : problem("FW5011", `the engine could not repair ${plan.stack}: ${done.stderr.trim()}`),
  );
}

/**
 * Refuses a real run on rehearsed state, before anything of it is touched.
 * @throws FairwayError FW5030.
 */
export async function refuseRehearsed(task: StackTask): Promise<void> {
  const { backend, plan, request } = task;
  if (request.rehearsal) return;
  if (backend.folder !== undefined && isMarked(backend.folder))
    throw new FairwayError(rehearsedProblem(request.environment, backend.url, plan.stack));
  await deploymentOf(task, plan.stack);
}

/** The recorded deployment of a stack; undefined where it has none. */
async function deploymentOf(task: StackTask, stack: string): Promise<Deployment | undefined> {
  const { backend, request } = task;
  const deployment =
    backend.folder === undefined
      ? await exportStack(commandsOf(task), fullName(stack, backend.organization))
      : readDeployment(backend.folder, stack);
  if (deployment && !request.rehearsal && isRehearsed(deployment))
    throw new FairwayError(rehearsedProblem(request.environment, backend.url, stack));
  return deployment;
}

const commandsOf = ({ slot, request, backend, key }: StackTask): Commands =>
  commandsIn(slot, request.engine.path, backend.url, key.hex);
