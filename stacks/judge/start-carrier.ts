import { type ChildProcess, fork } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fail } from "../contract/problem.ts";
import type { Verdict } from "../contract/finding.ts";
import { entry } from "../../tools/setup/build.mjs";
import type { Hearing } from "./analyzer.ts";
import type { CarrierReply, CarrierRequest } from "./carrier.ts";
import { sortVerdicts } from "./judge.ts";

/** A hearing under way. */
export interface OpenHearing {
  /** Loopback port of the Analyzer. */
  readonly port: number;
  /** An executable for the engine's `--policy-pack`: it prints the port and ends. */
  readonly shim: string;
  /** Ends the server and removes the shim; the verdicts stay. */
  close(): Promise<void>;
}

/** The process that judges for the engine. */
export interface Carrier {
  /** @throws FairwayError FW4005 where the carrier has ended, or cannot serve. */
  open(hearing: Hearing): Promise<OpenHearing>;
  /** Ends the process and all hearings. */
  stop(): Promise<void>;
}

/** Starts the one process that carries the rules to the engine, for any number of stack operations. It ends with this one. */
export async function startCarrier(module: string = entry("carrier")): Promise<Carrier> {
  // Detached, so that Ctrl-C at a terminal does not take the judge from operations that are to end.
  const child = fork(module, [], { detached: true, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const line = new Line(child);
  await line.started;
  return {
    async open(hearing) {
      const port = await line.ask({ open: hearing });
      const shim = `${hearing.verdictsFile}.pack`;
      writeFileSync(shim, `#!/bin/sh\necho ${port}\n`, { mode: 0o700 });
      return {
        port,
        shim,
        async close() {
          rmSync(shim, { force: true });
          if (child.connected) await line.ask({ close: port });
        },
      };
    },
    async stop() {
      if (child.connected) child.disconnect();
      await line.ended;
    },
  };
}

/** The conversation with the carrier process. */
class Line {
  readonly started: Promise<void>;
  readonly ended: Promise<void>;
  readonly #waiting = new Map<
    number,
    { resolve(port: number): void; reject(error: Error): void }
  >();
  #last = 0;
  #said = "";

  constructor(readonly child: ChildProcess) {
    child.stderr?.on("data", (chunk: Buffer) => (this.#said = (this.#said + chunk).slice(-4_000)));
    child.on("message", (reply: CarrierReply) => {
      const waiter = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ("port" in reply) waiter?.resolve(reply.port);
      else waiter?.reject(new Error(reply.error));
    });
    this.started = new Promise((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    this.ended = new Promise((resolve) => {
      child.once("exit", () => {
        for (const { reject } of this.#waiting.values()) reject(new Error("it ended"));
        this.#waiting.clear();
        resolve();
      });
    });
  }

  async ask(question: DistributiveOmit<CarrierRequest, "id">): Promise<number> {
    const id = ++this.#last;
    try {
      if (!this.child.connected) throw new Error("it has ended");
      return await new Promise<number>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        this.child.send({ id, ...question }, (error) => {
          if (error) reject(error);
        });
      });
    } catch (error) {
      fail("FW4005", `the process that judges cannot serve: ${String(error)}`, {
        ...(this.#said !== "" && { hint: this.#said }),
      });
    }
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/**
 * Reads the verdicts of a hearing, sorted, each once.
 * @throws FairwayError FW4006 where the file is missing or ends within a line.
 */
export function readVerdicts(file: string): Verdict[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    if (lines.pop() !== "") throw new Error("its last line has no end");
    return sortVerdicts([...new Set(lines)].map((line) => JSON.parse(line) as Verdict));
  } catch (error) {
    fail("FW4006", `the verdicts of this operation cannot be read: ${String(error)}`);
  }
}
