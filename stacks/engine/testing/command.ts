import { writeFileSync } from "node:fs";
import { obtainEngine } from "../../../tools/engine/engine.ts";
import type { Plan } from "../../contract/plan.ts";
import type { Operation } from "../../contract/result.ts";
import { leaseOf } from "../../state/lease.ts";
import { prewarm } from "../pool.ts";
import { runStacks } from "../run.ts";
import { LOCAL } from "./environment.ts";

/** What the command is to do, and whom it kills after how many events. */
export interface CommandRequest {
  readonly root: string;
  readonly module: string;
  readonly operation: Operation;
  readonly plans: readonly Plan[];
  readonly kubeconfig?: string;
  readonly kill?: {
    readonly after: number;
    readonly target: "command" | "worker" | "engine" | number;
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
  ...request,
  environment: LOCAL,
  engine: await obtainEngine({}),
  workers,
  signal: cancel.signal,
  onProgress({ stack, phase }) {
    // Only what changes something is worth a fault.
    if (phase !== "update" && phase !== "destroy") return;
    if (request.kill && ++events === request.kill.after) kill(stack, request.kill.target);
  },
});
writeFileSync(request.result, JSON.stringify(run));
await workers.close();

function kill(stack: string, target: NonNullable<CommandRequest["kill"]>["target"]): void {
  const pid =
    typeof target === "number"
      ? target
      : leaseOf(request.root, stack)?.processes.find(({ role }) => role === target)?.pid;
  if (pid === undefined) throw new Error(`no ${target} to kill`);
  writeFileSync(`${request.result}.killed`, "");
  process.kill(pid, "SIGKILL");
}
