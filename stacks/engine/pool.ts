import { type ChildProcess, fork } from "node:child_process";
import { entry } from "../../tools/setup/build.mjs";
import { FairwayError, problem } from "../contract/problem.ts";
import type { Job, Outcome, Reply, Request, Telling } from "./protocol.ts";

/** Operations after which a worker is replaced: what programs leave behind in a process adds up. */
const RECYCLE_AFTER = 300;
const STDERR = 4_000;

/** A warm process that does one engine operation at a time. */
export interface Worker {
  readonly pid: number;
  /** @throws FairwayError where the operation could not be started or the worker is gone. */
  perform(job: Job, onTold: (told: Telling) => void): Promise<Outcome>;
  /** One SIGINT to the engine that runs: the first cancels, the second terminates. */
  interrupt(): void;
}

/** Warm workers, started as they are needed. */
export interface Workers {
  /** A worker that is free; one more is started where none is. */
  take(): Worker;
  /** Gives a worker back; `spoilt` ones are ended. */
  give(worker: Worker, spoilt?: boolean): void;
  /** Ends all of them. */
  close(): Promise<void>;
}

/**
 * Starts workers, so that they are warm by the time there is something to run.
 * @param count How many to start now.
 * @param module The worker's module; the built one unless told.
 */
export function prewarm(count = 1, module: string = entry("worker")): Workers {
  const free: WorkerProcess[] = Array.from({ length: count }, () => new WorkerProcess(module));
  const all = new Set(free);
  const end = (worker: WorkerProcess): Promise<void> => {
    all.delete(worker);
    return worker.end();
  };
  return {
    take() {
      for (let worker = free.pop(); worker; worker = free.pop()) if (worker.alive) return worker;
      const worker = new WorkerProcess(module);
      all.add(worker);
      return worker;
    },
    give(worker, spoilt = false) {
      const process = worker as WorkerProcess;
      if (spoilt || !process.alive || process.performed >= RECYCLE_AFTER) void end(process);
      else free.push(process);
    },
    async close() {
      free.length = 0;
      await Promise.all([...all].map(end));
    },
  };
}

class WorkerProcess implements Worker {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #stderr = "";
  performed = 0;

  constructor(module: string) {
    // Detached, so that Ctrl-C at a terminal does not reach it: the parent decides when an engine is told.
    this.#child = fork(module, [], { detached: true, stdio: ["ignore", "ignore", "pipe", "ipc"] });
    this.#child.stderr!.on(
      "data",
      (text: Buffer) => (this.#stderr = (this.#stderr + text).slice(-STDERR)),
    );
    this.#ended = new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
      this.#child.once("error", () => resolve());
    });
  }

  get alive(): boolean {
    return this.#child.connected;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  perform(job: Job, onTold: (told: Telling) => void): Promise<Outcome> {
    this.performed++;
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        this.#child.off("message", onReply).off("exit", onExit);
        settle();
      };
      const onReply = (reply: Reply): void => {
        if (reply.kind === "told") reply.told.forEach(onTold);
        else if (reply.kind === "done") finish(() => resolve(reply.outcome));
        else finish(() => reject(new FairwayError(reply.problems)));
      };
      const onExit = (): void => finish(() => reject(this.#gone()));
      this.#child.on("message", onReply).once("exit", onExit);
      if (!this.alive) return onExit();
      this.#send({ kind: "job", job }, onExit);
    });
  }

  interrupt(): void {
    if (this.alive) this.#send({ kind: "interrupt" }, () => {});
  }

  async end(): Promise<void> {
    if (this.alive) this.#child.disconnect();
    await this.#ended;
  }

  #send(request: Request, onError: () => void): void {
    this.#child.send(request, (error) => error && onError());
  }

  #gone(): FairwayError {
    return new FairwayError(
      problem("FW5015", "the worker process ended in the middle of an operation", {
        ...(this.#stderr !== "" && { hint: this.#stderr.trim() }),
      }),
    );
  }
}
