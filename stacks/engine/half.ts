import { join } from "node:path";
import type { Verdict } from "../contract/finding.ts";
import type { Plan } from "../contract/plan.ts";
import { readVerdicts } from "../judge/start-carrier.ts";
import type { ProgramContext } from "../program/context.ts";
import { SDK_VERSION } from "../providers/kubernetes/version.ts";
import type { Backend } from "../state/backend.ts";
import type { Lease } from "../state/lease.ts";
import { FairwayError } from "../contract/problem.ts";
import { type Ending, cancelled, endingOf } from "./outcome.ts";
import type { Worker } from "./pool.ts";
import type { Progress } from "./progress.ts";
import type { Outcome } from "./protocol.ts";
import type { StackTask } from "./stack.ts";
import { engineEnvironment, hasPlugin } from "./surroundings.ts";

/** One engine operation of a stack. */
export interface HalfRequest {
  readonly phase: Exclude<Progress["phase"], "waiting" | "repairing" | "copy" | "done">;
  readonly args: readonly string[];
  readonly backend: Backend;
  /** Absent: no program runs. */
  readonly plan?: Plan;
  /** What the program knows of what is recorded (program/context.ts). */
  readonly guard?: Pick<ProgramContext, "recorded" | "spent" | "identities">;
  /** The stack has state, of its own or as a copy. Default: it runs in its own backend. */
  readonly existed?: boolean;
  /** Other stacks with state that the program may read. */
  readonly shared: readonly string[];
  readonly judged: boolean;
  readonly lease?: Lease;
  /** Resources, where known. */
  readonly total?: number;
}

/** How it ended. */
export interface Half {
  readonly outcome: Outcome;
  readonly ending: Ending;
  readonly verdicts: readonly Verdict[];
  readonly shared: readonly string[];
  /** It ran on the stack's own state, not in a throwaway backend. */
  readonly existed: boolean;
}

/** Has a worker do one engine operation, judged by a hearing of its own, and reads how it ended. */
export async function performHalf(
  task: StackTask,
  worker: Worker,
  half: HalfRequest,
): Promise<Half> {
  const { request, plan, folder, key, slot } = task;
  const { stack } = plan;
  const report = (progress: Omit<Progress, "stack" | "phase" | "total">): void =>
    request.onProgress?.({
      stack,
      phase: half.phase,
      ...(half.total !== undefined && { total: half.total }),
      ...progress,
    });
  report({ done: 0 });
  const verdictsFile = join(folder, `${stack}.${half.phase}.verdicts.jsonl`);
  const hearing = half.judged
    ? await request.carrier?.open({ stack, settings: task.settings, verdictsFile })
    : undefined;
  let outcome: Outcome;
  try {
    // From here on the worker is told of a cancellation; one that came before it would not hear.
    if (request.signal?.aborted) throw new FairwayError(cancelled(stack));
    outcome = await worker.perform(
      {
        engine: request.engine.path,
        args: [...half.args, ...(hearing ? ["--policy-pack", hearing.shim] : [])],
        stack,
        ...(half.backend.organization !== undefined && {
          organization: half.backend.organization,
        }),
        ...(half.plan && { plan: half.plan }),
        context: {
          key: key.hex,
          sharedStacks: half.shared,
          ...half.guard,
          kubernetes: contextOf(request.environment.cluster),
        },
        env: engineEnvironment(process.env, {
          backend: half.backend.url,
          home: slot.home,
          passphrase: key.hex,
          ...(request.kubeconfig !== undefined && { kubeconfig: request.kubeconfig }),
          rehearsed: request.rehearsal !== undefined,
        }),
        cwd: slot.work,
        providers: request.rehearsal
          ? { serve: "rehearsal", world: request.rehearsal.world }
          : hasPlugin("kubernetes", SDK_VERSION, process.env)
            ? { serve: "none" }
            : { serve: "kubernetes" },
        ...(request.kubeconfig !== undefined && { kubeconfig: request.kubeconfig }),
        eventsFile: join(folder, `${stack}.${half.phase}.jsonl`),
        ...(half.lease && { leaseFile: half.lease.file }),
      },
      ({ done, resource, waiting }) => report({ done, resource, waiting }),
    );
  } finally {
    await hearing?.close();
  }
  const verdicts = hearing ? readVerdicts(verdictsFile) : [];
  const ending = endingOf(outcome, hearing && verdicts, {
    stack,
    state: half.backend.folder ?? half.backend.url,
    cancelled: request.signal?.aborted === true,
  });
  return {
    outcome,
    ending,
    verdicts,
    shared: half.shared,
    existed: half.existed ?? half.backend.url === task.backend.url,
  };
}

const contextOf = (cluster: StackTask["request"]["environment"]["cluster"]): { context?: string } =>
  "context" in cluster ? { context: cluster.context } : {};
