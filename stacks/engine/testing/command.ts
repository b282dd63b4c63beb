import { rmSync, writeFileSync } from "node:fs";
import { obtainEngine } from "../../../tools/engine/engine.ts";
import { processStart, self, signalProcess } from "../../../tools/setup/process.ts";
import type { Environment } from "../../contract/environment.ts";
import type { Plan } from "../../contract/plan.ts";
import type { Operation } from "../../contract/result.ts";
import { leaseOf } from "../../state/lease.ts";
import { prewarm } from "../pool.ts";
import type { Progress } from "../progress.ts";
import { type Rehearsal, runStacks } from "../run.ts";
import { LOCAL } from "./environment.ts";

/** What the command is to do, and whom it kills after how many events. */
export interface CommandRequest {
  readonly root: string;
  readonly module: string;
  readonly operation: Operation;
  readonly plans: readonly Plan[];
  readonly retire?: boolean;
  /** Default: a local one. */
  readonly environment?: Environment;
  readonly rehearsal?: Rehearsal;
  readonly kubeconfig?: string;
  readonly kill?: {
    /** Whose events count. Default: those that change something. */
    readonly phases?: readonly Progress["phase"][];
    readonly after: number;
    readonly target: "command" | "worker" | "engine" | number;
    /** Who is killed where the target does not run at that moment. Default: nobody, which is an error. */
    readonly otherwise?: "command";
  };
  /** File that gets the result, where the command lives to tell it; with `.killed` behind it, made before a process is killed. */
  readonly result: string;
}

// A `fairway` of its own for fault tests: runs stacks, and kills one of its processes after the n-th event.
const request = JSON.parse(process.argv[2]!) as CommandRequest;
const cancel = new AbortController();
process.on("SIGINT", () => cancel.abort());
const workers = prewarm(1, request.module);
let events = 0;
const run = await runStacks({
  environment: LOCAL,
  ...request,
  engine: await obtainEngine({}),
  workers,
  signal: cancel.signal,
  onProgress({ stack, phase, waiting }) {
    // Only what changes something is worth a fault; how often it is told to wait depends on the machine.
    if (waiting || !(request.kill?.phases ?? ["update", "destroy"]).includes(phase)) return;
    if (request.kill && ++events === request.kill.after) kill(stack, request.kill);
  },
});
writeFileSync(request.result, JSON.stringify(run));
await workers.close();

function kill(stack: string, { target, otherwise }: NonNullable<CommandRequest["kill"]>): void {
  const targets =
    typeof target === "number"
      ? [{ pid: target, start: processStart(target) ?? "" }]
      : (leaseOf(request.root, stack)?.processes ?? []).filter(({ role }) => role === target);
  const victims = otherwise ? [...targets, self()] : targets;
  writeFileSync(`${request.result}.killed`, "");
  if (victims.some((victim) => signalProcess(victim, "SIGKILL"))) return;
  rmSync(`${request.result}.killed`);
  throw new Error(`no ${target} to kill`);
}
