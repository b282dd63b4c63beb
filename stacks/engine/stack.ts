import type { Plan } from "../contract/plan.ts";
import { type Problem, problem } from "../contract/problem.ts";
import type { StackResult } from "../contract/result.ts";
import { hideLiterals } from "../judge/literals.ts";
import { refusals } from "../judge/problems.ts";
import type { JudgeSettings } from "../judge/settings.ts";
import { type Backend, fullName } from "../state/backend.ts";
import type { Slot } from "../state/folder.ts";
import type { Key } from "../state/key.ts";
import { type Lease, takeLease } from "../state/lease.ts";
import type { LastCopy } from "../state/tombstone.ts";
import { pruneHistory } from "../state/prune.ts";
import { type Half, type HalfRequest, performHalf } from "./half.ts";
import { cancelled, isIdle, problemsOf, surprises } from "./outcome.ts";
import type { Worker, Workers } from "./pool.ts";
import type { RunRequest } from "./run.ts";
import {
  type Judgement,
  allLosses,
  judgeLosses,
  spentWith,
  standsOpen,
  usedNotes,
} from "./consent.ts";
import { copyNotes, goingOf, guards, judgeChanges, release, today } from "./release.ts";
import {
  type Recorded,
  makeStack,
  mayExist,
  previewBackend,
  recordedOf,
  refuseRehearsed,
  repairStack,
  sharedStates,
} from "./stack-state.ts";

/** Everything that running one stack needs. */
export interface StackTask {
  readonly request: RunRequest;
  readonly run: string;
  /** Folder of the run's records. */
  readonly folder: string;
  readonly key: Key;
  readonly backend: Backend;
  readonly settings: JudgeSettings;
  readonly workers: Workers;
  readonly plan: Plan;
  readonly slot: Slot;
}

export type Told = Omit<StackResult, "stack" | "operation" | "planDigest" | "duration">;

const HISTORY_KEPT = 20;
const NOTHING: Told = { status: "succeeded", changes: [], verdicts: [], problems: [], outputs: {} };
const failed = (problems: readonly Problem[]): Told => ({ ...NOTHING, status: "failed", problems });

/** Runs the request's operation on one stack. */
export async function runStack(task: StackTask): Promise<StackResult> {
  const { request, plan } = task;
  const began = Date.now();
  const worker = task.workers.take();
  const interrupt = (): void => worker.interrupt();
  request.signal?.addEventListener("abort", interrupt);
  request.terminate?.addEventListener("abort", interrupt);
  let told: Told;
  let spoilt = false;
  try {
    await refuseRehearsed(task);
    told = await OPERATIONS[request.operation](task, worker);
    spoilt = told.status === "cancelled";
  } catch (error) {
    spoilt = true;
    const problems = problemsOf(error, `running ${plan.stack} failed`);
    told = { ...NOTHING, status: statusOf(problems), problems };
  } finally {
    request.signal?.removeEventListener("abort", interrupt);
    request.terminate?.removeEventListener("abort", interrupt);
  }
  task.workers.give(worker, spoilt);
  return {
    stack: plan.stack,
    operation: request.operation,
    planDigest: plan.digest,
    ...told,
    duration: Date.now() - began,
  };
}

/** What was thrown says how the stack ended. */
function statusOf(problems: readonly Problem[]): StackResult["status"] {
  if (problems.every(({ code }) => code === "FW5016")) return "cancelled";
  return problems.every(({ code }) => code === "FW5030") ? "refused" : "failed";
}

const OPERATIONS: Readonly<
  Record<RunRequest["operation"], (task: StackTask, worker: Worker) => Promise<Told>>
> = {
  preview: async (task, worker) => (await preview(task, worker)).told,
  up: (task, worker) => leased(task, worker, (lease) => up(task, worker, lease)),
  destroy: (task, worker) => leased(task, worker, (lease) => destroy(task, worker, lease)),
  refresh,
};

/** A preview, and what it says of data. */
interface Looked {
  readonly told: Told;
  readonly half?: Half;
  readonly recorded?: Recorded;
  readonly judgement?: Judgement;
}

async function preview(task: StackTask, worker: Worker): Promise<Looked> {
  const { plan, request } = task;
  if (plan.refusals.length > 0)
    return { told: { ...NOTHING, status: "refused", problems: plan.refusals } };
  const [shared, recorded] = await Promise.all([sharedStates(task), recordedOf(task)]);
  const half = await performHalf(task, worker, {
    phase: "preview",
    args: ["preview"],
    backend: previewBackend(task, shared, recorded.deployment),
    existed: recorded.deployment !== undefined,
    plan,
    guard: knownOf(recorded),
    shared: [...shared.keys()],
    judged: true,
  });
  const base = toldOf(task, half);
  if (half.ending.ended === "failed" || half.ending.ended === "cancelled")
    return { told: base, half };
  const judgement = judgeChanges(task, recorded, base.changes);
  const refused = [
    ...refusals(base.verdicts, request.environment.policies.unproven),
    ...judgement.refused,
  ];
  if (refused.length > 0)
    return {
      told: { ...base, status: "refused", problems: [...half.ending.problems, ...refused] },
      half,
    };
  return { told: withNotes(base, usedNotes(judgement, "before")), half, recorded, judgement };
}

/** What a program is to know of what is recorded. */
const knownOf = ({ resources, spent, identities }: Recorded) => ({
  recorded: resources.map(({ urn }) => urn),
  spent,
  identities,
});

const withNotes = (told: Told, notes: readonly string[]): Told =>
  notes.length === 0 ? told : { ...told, notes: [...(told.notes ?? []), ...notes] };

async function up(task: StackTask, worker: Worker, lease: Lease): Promise<Told> {
  const { plan, request } = task;
  if (request.rehearsal?.base === true) {
    const shared = [...(await sharedStates(task)).keys()];
    const guard = knownOf(await recordedOf(task));
    return toldOf(task, await update(task, worker, { lease, shared, guard }));
  }
  const { told: seen, half: first, recorded, judgement } = await preview(task, worker);
  if (seen.status !== "succeeded" || !first || !recorded || !judgement) return seen;
  const { changes, outputsChanged } = first.outcome.events;
  const idle = isIdle(changes, outputsChanged) && !standsOpen(plan, recorded.resources);
  if (first.existed && idle) return seen;
  if (request.signal?.aborted)
    return { ...NOTHING, status: "cancelled", problems: [cancelled(plan.stack)] };
  const { shared } = first;
  const going = goingOf(task, recorded, changes, judgement);
  const spent = spentWith(recorded.spent, judgement);
  const copies = await release(task, worker, { lease, recorded, going, spent });
  const half = await update(task, worker, {
    lease,
    shared,
    total: changes.length,
    guard: { ...knownOf(recorded), spent },
  });
  const ended = toldOf(task, half);
  const met = surprises(first.verdicts, half.verdicts);
  const told: Told =
    met.length === 0
      ? ended
      : { ...ended, status: "failed", problems: [...met, ...ended.problems] };
  return withLosses(told, copies, judgement);
}

/** With what is to be known of data that went, or is to go. */
const withLosses = (
  told: Told,
  copies: readonly LastCopy[],
  judgement: Judgement | undefined,
): Told =>
  withNotes(told, [
    ...copyNotes(copies, told.status),
    ...(judgement ? usedNotes(judgement, told.status) : []),
  ]);

async function update(
  task: StackTask,
  worker: Worker,
  more: Pick<HalfRequest, "lease" | "shared" | "total" | "guard">,
): Promise<Half> {
  await makeStack(task);
  const half = await performHalf(task, worker, {
    phase: "update",
    args: ["up", "--yes", "--skip-preview"],
    backend: task.backend,
    plan: task.plan,
    judged: true,
    ...more,
  });
  if (task.backend.folder !== undefined)
    pruneHistory(task.backend.folder, task.plan.stack, HISTORY_KEPT);
  return half;
}

async function destroy(task: StackTask, worker: Worker, lease: Lease): Promise<Told> {
  const { plan, request } = task;
  if (!mayExist(task)) return NOTHING;
  const recorded = await recordedOf(task);
  if (!recorded.deployment) return NOTHING;
  const going = allLosses(plan, recorded.resources);
  const judgement =
    request.retire || !guards(task)
      ? undefined
      : judgeLosses(plan, going, recorded.resources, {
          changes: [],
          spent: recorded.spent,
          today: today(),
        });
  if (judgement && judgement.refused.length > 0)
    return { ...NOTHING, status: "refused", problems: judgement.refused };
  const spent = spentWith(recorded.spent, judgement);
  const copies = await release(task, worker, { lease, recorded, going, spent });
  const half = await performHalf(task, worker, {
    phase: "destroy",
    args: ["destroy", "--yes", "--skip-preview", "--remove"],
    backend: task.backend,
    shared: [],
    judged: false,
    lease,
  });
  if (half.ending.ended === "missing") return NOTHING;
  return withLosses(toldOf(task, half), copies, judgement);
}

async function refresh(task: StackTask, worker: Worker): Promise<Told> {
  if (!mayExist(task)) return NOTHING;
  const half = await performHalf(task, worker, {
    phase: "refresh",
    args: ["refresh", "--preview-only"],
    backend: task.backend,
    shared: [],
    judged: false,
  });
  return half.ending.ended === "missing" ? NOTHING : toldOf(task, half);
}

/** Does something that writes the state of a stack: alone, and after what an interrupted run left was repaired. */
async function leased(
  task: StackTask,
  worker: Worker,
  body: (lease: Lease) => Promise<Told>,
): Promise<Told> {
  const { plan, run, request } = task;
  const lease = await takeLease(request.root, {
    stack: plan.stack,
    operation: request.operation,
    run,
    now: new Date(),
    worker: worker.pid,
  });
  if ("code" in lease) return { ...NOTHING, status: "busy", problems: [lease] };
  try {
    const undecided = await repairStack(task, lease);
    return undecided.length > 0
      ? failed(undecided.map((urn) => undecidedProblem(task, urn)))
      : await body(lease);
  } finally {
    lease.release();
  }
}

const undecidedProblem = ({ plan: { stack }, backend }: StackTask, urn: string): Problem =>
  problem("FW5007", `an interrupted run of ${stack} may have created ${urn}`, {
    hint: `look whether it exists, then run \`pulumi refresh --stack ${fullName(stack, backend.organization)}\` with --import-pending-creates or --clear-pending-creates`,
  });

const STATUS: Readonly<Record<Half["ending"]["ended"], StackResult["status"]>> = {
  well: "succeeded",
  failed: "failed",
  violated: "refused",
  busy: "busy",
  missing: "failed",
  cancelled: "cancelled",
};

function toldOf({ request, plan }: StackTask, { ending, outcome, verdicts }: Half): Told {
  return {
    status: STATUS[ending.ended],
    changes: hideLiterals(outcome.events.changes, verdicts),
    verdicts: request.locate?.(verdicts, plan) ?? verdicts,
    problems: ending.problems,
    outputs: outcome.events.outputs,
    ...(outcome.events.warnings.length > 0 && {
      notes: outcome.events.warnings.map(({ message }) => message),
    }),
  };
}
