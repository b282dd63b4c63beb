import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { self } from "../../tools/setup/process.ts";
import type { Environment } from "../contract/environment.ts";
import type { Verdict } from "../contract/finding.ts";
import type { Plan } from "../contract/plan.ts";
import { type Problem, exitOf } from "../contract/problem.ts";
import type { Operation, RunResult, StackResult } from "../contract/result.ts";
import type { Levels } from "../judge/levels.ts";
import { settingsOf } from "../judge/settings.ts";
import type { Carrier } from "../judge/start-carrier.ts";
import { openBackend, remoteOf } from "../state/backend.ts";
import { closeSlot, openSlot, stateFolder, sweepSlots } from "../state/folder.ts";
import { readKey } from "../state/key.ts";
import { pruneRuns } from "../state/prune.ts";
import { markRehearsed } from "../state/rehearsal.ts";
import { guardStorage } from "../state/storage.ts";
import { remoteState } from "./commands.ts";
import { cancelled, problemsOf } from "./outcome.ts";
import { type Workers, prewarm } from "./pool.ts";
import type { Progress } from "./progress.ts";
import { needsOf, runInOrder } from "./schedule.ts";
import { runStack } from "./stack.ts";
import { pluginFolder } from "./surroundings.ts";

/** How a run is rehearsed. */
export interface Rehearsal {
  /** Folder of the rehearsed world. */
  readonly world: string;
  /** Why, and from what it starts: for people. */
  readonly because: string;
  /** What the plans build counts as there already: `up` does not look first. Default false. */
  readonly base?: boolean;
}

/** What to run. */
export interface RunRequest {
  /** `refresh` looks for drift and writes nothing. */
  readonly operation: Operation;
  readonly plans: readonly Plan[];
  /** `destroy` for good: data goes after a last copy without consents, and a tombstone is left. Default false. */
  readonly retire?: boolean;
  readonly environment: Environment;
  /** Absolute. Of a rehearsal: the root that is apart (stacks/state/rehearsal.ts). */
  readonly root: string;
  /** Nothing is contacted: one provider of our own answers for every cloud and cluster. Absent: for real. */
  readonly rehearsal?: Rehearsal | undefined;
  readonly engine: { readonly path: string };
  /** File. Absent: as kubectl finds it. */
  readonly kubeconfig?: string | undefined;
  /** Stacks at a time. Default 2. */
  readonly parallel?: number;
  /** Carries the rules. Absent: nothing is judged. */
  readonly carrier?: Carrier | undefined;
  /** The organisation's levels of rules, under the environment's own. */
  readonly levels?: Levels;
  /** Finds the places of verdicts in the descriptors, for the results and the problems. */
  readonly locate?: (verdicts: readonly Verdict[], plan: Plan) => readonly Verdict[];
  /** Cancels: nothing new is begun, what runs ends in order. */
  readonly signal?: AbortSignal;
  /** The second signal: engines are told to break off. */
  readonly terminate?: AbortSignal;
  /** Warm workers of the caller, who closes them. */
  readonly workers?: Workers;
  readonly onProgress?: (event: Progress) => void;
}

const RUNS_KEPT = 50;

/** Runs an operation over stacks: in the order of their dependencies, some at a time, and tells how each ended. */
export async function runStacks(request: RunRequest): Promise<RunResult> {
  const began = Date.now();
  const run = `${new Date(began).toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${randomBytes(2).toString("hex")}`;
  const result = (stacks: readonly StackResult[], problems: readonly Problem[]): RunResult => ({
    run,
    operation: request.operation,
    environment: request.environment.name,
    rehearsed: request.rehearsal !== undefined,
    ...(request.rehearsal && { because: request.rehearsal.because }),
    stacks,
    problems,
    notes: [],
    duration: Date.now() - began,
    exit: exitCode(request.operation, stacks, problems),
  });
  try {
    return result(await runAll(request, run), []);
  } catch (error) {
    return result([], problemsOf(error, "the run failed"));
  }
}

async function runAll(request: RunRequest, run: string): Promise<StackResult[]> {
  const { root, plans, environment, operation } = request;
  const folder = join(stateFolder(root), "runs", run);
  guardStorage(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  pruneRuns(root, RUNS_KEPT);
  sweepSlots(root);
  const parallel = Math.max(1, Math.min(request.parallel ?? 2, plans.length));
  const workers = request.workers ?? prewarm(parallel);
  const slots = Array.from({ length: parallel }, () =>
    openSlot(root, self(), pluginFolder(process.env)),
  );
  const free = [...slots];
  const backend = openBackend(root, environment, remoteState(root, environment, request.engine));
  if (request.rehearsal && backend.folder !== undefined) markRehearsed(backend.folder);
  const results = new Map<string, StackResult>();
  const byStack = new Map(plans.map((plan) => [plan.stack, plan]));
  const shared = {
    request,
    run,
    folder,
    // A rehearsal in a folder has a key of its own: nothing in its state is worth the real one.
    key: readKey(
      root,
      request.rehearsal && backend.folder !== undefined ? undefined : process.env["FAIRWAY_KEY"],
      remoteOf(backend),
    ),
    backend,
    settings: settingsOf(environment, request.levels),
    workers,
  };
  const finish = (stack: string, result: StackResult): void => {
    results.set(stack, result);
    request.onProgress?.({
      stack,
      phase: "done",
      done: result.changes.length,
      status: result.status,
    });
  };
  const untouched = (
    stack: string,
    status: StackResult["status"],
    problems: readonly Problem[],
  ): StackResult => ({
    stack,
    operation,
    status,
    planDigest: byStack.get(stack)!.digest,
    changes: [],
    verdicts: [],
    problems,
    outputs: {},
    duration: 0,
  });
  try {
    const direction = operation === "up" ? "up" : operation === "destroy" ? "down" : "none";
    await runInOrder(
      needsOf(plans, direction),
      parallel,
      async (stack) => {
        const plan = byStack.get(stack)!;
        if (request.signal?.aborted) {
          finish(stack, untouched(stack, "cancelled", [cancelled(stack)]));
          return false;
        }
        const slot = free.pop()!;
        try {
          finish(stack, await runStack({ ...shared, plan, slot }));
        } catch (error) {
          finish(stack, untouched(stack, "failed", problemsOf(error, `running ${stack} failed`)));
        } finally {
          free.push(slot);
        }
        return results.get(stack)!.status === "succeeded";
      },
      (stack) => finish(stack, untouched(stack, "skipped", [])),
    );
  } finally {
    for (const slot of slots) closeSlot(slot);
    if (!request.workers) await workers.close();
  }
  return plans.map(({ stack }) => results.get(stack)!);
}

/** The exit code of a run: that of its problems, 5 where drift was found, 130 where it was cancelled and nothing else is wrong. */
function exitCode(
  operation: Operation,
  stacks: readonly StackResult[],
  problems: readonly Problem[],
): number {
  const all = [...problems, ...stacks.flatMap((stack) => stack.problems)];
  const code = exitOf(all);
  if (code !== 0) return code;
  if (stacks.some(({ status }) => status !== "succeeded")) return 1;
  const drifted = stacks.some(({ changes }) =>
    changes.some(({ op }) => op === "update" || op === "delete"),
  );
  return operation === "refresh" && drifted ? 5 : 0;
}
