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
import { pruneHistory } from "../state/prune.ts";
import { type Half, type HalfRequest, performHalf } from "./half.ts";
import { cancelled, isIdle, problemsOf, surprises } from "./outcome.ts";
import type { Worker, Workers } from "./pool.ts";
import type { RunRequest } from "./run.ts";
import {
  makeStack,
  mayExist,
  previewBackend,
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

type Told = Omit<StackResult, "stack" | "operation" | "planDigest" | "duration">;

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

async function preview(task: StackTask, worker: Worker): Promise<{ told: Told; half?: Half }> {
  const { plan, request } = task;
  if (plan.refusals.length > 0)
    return { told: { ...NOTHING, status: "refused", problems: plan.refusals } };
  const shared = await sharedStates(task);
  const where = await previewBackend(task, shared);
  const half = await performHalf(task, worker, {
    phase: "preview",
    args: ["preview"],
    backend: where,
    plan,
    shared: [...shared.keys()],
    judged: true,
  });
  const base = toldOf(task, half);
  const refused = refusals(base.verdicts, request.environment.policies.unproven);
  if (half.ending.ended === "failed" || half.ending.ended === "cancelled")
    return { told: base, half };
  if (refused.length > 0)
    return {
      told: { ...base, status: "refused", problems: [...half.ending.problems, ...refused] },
      half,
    };
  return { told: base, half };
}

async function up(task: StackTask, worker: Worker, lease: Lease): Promise<Told> {
  const { plan, request } = task;
  if (request.rehearsal?.base === true) {
    const shared = [...(await sharedStates(task)).keys()];
    return toldOf(task, await update(task, worker, { lease, shared }));
  }
  const first = await preview(task, worker);
  if (first.told.status !== "succeeded" || !first.half) return first.told;
  const { changes, outputsChanged } = first.half.outcome.events;
  if (first.half.existed && isIdle(changes, outputsChanged)) return first.told;
  if (request.signal?.aborted)
    return { ...NOTHING, status: "cancelled", problems: [cancelled(plan.stack)] };
  const { shared } = first.half;
  const half = await update(task, worker, { lease, shared, total: changes.length });
  const told = toldOf(task, half);
  const met = surprises(first.half.verdicts, half.verdicts);
  return met.length === 0
    ? told
    : { ...told, status: "failed", problems: [...met, ...told.problems] };
}

async function update(
  task: StackTask,
  worker: Worker,
  more: Pick<HalfRequest, "lease" | "shared" | "total">,
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
  if (!mayExist(task)) return NOTHING;
  const half = await performHalf(task, worker, {
    phase: "destroy",
    args: ["destroy", "--yes", "--skip-preview", "--remove"],
    backend: task.backend,
    shared: [],
    judged: false,
    lease,
  });
  return half.ending.ended === "missing" ? NOTHING : toldOf(task, half);
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
