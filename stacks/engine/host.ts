import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import {
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type UntypedServiceImplementation,
  type sendUnaryData,
} from "@grpc/grpc-js";
import * as automation from "@pulumi/pulumi/automation/server.js";
import eventsGrpc from "@pulumi/pulumi/proto/events_grpc_pb.js";
import type { EventRequest } from "@pulumi/pulumi/proto/events_pb.js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { stackBase } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import { fail, type Problem } from "../contract/problem.ts";
import type { ProgramContext } from "../program/context.ts";
import { serveKubernetes } from "../providers/kubernetes/index.ts";
import type { RehearsalServer } from "../providers/rehearsal/index.ts";
import { fullName } from "../state/backend.ts";
import { guardStorage } from "../state/storage.ts";
import { joinLease } from "../state/lease.ts";
import { scenarioFile } from "../state/rehearsal.ts";
import { EventReader, nameOf } from "./event-reader.ts";
import { parseEvent, redactEvent } from "./events.ts";
import { muteDebug } from "./mute.ts";
import { problemsOf } from "./outcome.ts";
import type { Job, Outcome, Telling } from "./protocol.ts";

/** What the engine runs for a stack. */
export type Program = (plan: Plan, context: ProgramContext) => Promise<Record<string, unknown>>;

/** Exported by the SDK but left out of its types: what runs inline programs of the Automation API. */
const { LanguageServer } = automation as unknown as {
  LanguageServer: new (program: () => Promise<unknown>) => UntypedServiceImplementation;
};

/** Every package that programs use. */
const REHEARSED_PACKAGES = ["aws", "kubernetes"];
const MAX_MESSAGE = 400 * 1024 * 1024;
const PRINTED = 20_000;
/** Milliseconds that the end of the event stream may lag behind the end of the engine. */
const STREAM_LAG = 3_000;

/** Exit code of an operation that was interrupted before its engine was started. */
const INTERRUPTED = 130;

/** The operation that a worker does just now. */
interface Running {
  readonly job: Job;
  readonly reader: EventReader;
  readonly file: number;
  readonly thrown: Problem[];
  readonly tell: (telling: Telling) => void;
  /** Settled when the engine has closed its event stream. */
  readonly streamed: Promise<void>;
  readonly endStream: () => void;
  done: number;
  /** Told to end before the engine was there. */
  interrupted: boolean;
  engine?: ChildProcess;
  streamError?: string;
}

/**
 * Holds what is warm between operations: the language runtime, the embedded provider and the receiver of events, on
 * loopback ports of this process. One operation at a time.
 */
export class Host {
  readonly #program: Program;
  #running: Running | undefined;
  #port: number | undefined;
  #provider: { readonly kubeconfig: string | undefined; readonly port: number } | undefined;
  /** A server remembers what happened of its scenario: another world or scenario is another server. */
  #rehearsal: { readonly key: string; readonly server: RehearsalServer } | undefined;

  constructor(program: Program) {
    this.#program = program;
    muteDebug();
  }

  /** Opens the language runtime, so that the first operation need not. */
  async warm(): Promise<number> {
    if (this.#port !== undefined) return this.#port;
    const server = new Server({ "grpc.max_receive_message_length": MAX_MESSAGE });
    server.addService(languageGrpc.LanguageRuntimeService, new LanguageServer(() => this.#run()));
    server.addService(eventsGrpc.EventsService, {
      streamEvents: (
        call: ServerReadableStream<EventRequest, empty.Empty>,
        callback: sendUnaryData<empty.Empty>,
      ) => this.#receive(call, callback),
    });
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    return this.#port;
  }

  /** Does one engine operation. Never throws for what the engine does. */
  async perform(job: Job, tell: (telling: Telling) => void): Promise<Outcome> {
    let endStream = (): void => {};
    const streamed = new Promise<void>((resolve) => (endStream = resolve));
    const running: Running = {
      job,
      reader: new EventReader(itemsOf(job.plan)),
      file: guardStorage(job.eventsFile, () => openSync(job.eventsFile, "wx", 0o600)),
      thrown: [],
      tell,
      streamed,
      endStream,
      done: 0,
      interrupted: false,
    };
    this.#running = running;
    try {
      return await this.#perform(running);
    } finally {
      this.#running = undefined;
      closeSync(running.file);
    }
  }

  /** Sends one SIGINT to the engine that runs: the first cancels, the second terminates. */
  interrupt(): void {
    if (this.#running) this.#running.interrupted = true;
    this.#running?.engine?.kill("SIGINT");
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  async #perform(running: Running): Promise<Outcome> {
    const { job } = running;
    const port = await this.warm();
    const providers = await this.#serveProviders(job);
    let printed = "";
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
      if (running.interrupted) return resolve([INTERRUPTED, null]);
      const args = [
        ...job.args,
        "--stack",
        fullName(job.stack, job.organization),
        "--non-interactive",
        "--color=never",
      ];
      if (job.args[0] !== "stack")
        args.push(
          `--client=127.0.0.1:${port}`,
          "--exec-kind=auto.inline",
          `--event-log=tcp://127.0.0.1:${port}`,
        );
      // A process group of its own: a signal of the terminal does not reach it, and exactly one of ours does.
      const engine = spawn(job.engine, args, {
        cwd: job.cwd,
        env: {
          ...job.env,
          ...(providers !== undefined && { PULUMI_DEBUG_PROVIDERS: providers }),
        },
        detached: true,
        stdio: ["ignore", "ignore", "pipe"],
      });
      running.engine = engine;
      if (job.leaseFile !== undefined && engine.pid !== undefined)
        joinLease(job.leaseFile, engine.pid);
      engine.stderr
        .setEncoding("utf8")
        .on("data", (text: string) => (printed = (printed + text).slice(-PRINTED)));
      engine.once("error", (error) => {
        printed += String(error);
        resolve([null, null]);
      });
      engine.once("close", (exit, by) => resolve([exit, by]));
    });
    const timer = setTimeout(running.endStream, code === 0 ? STREAM_LAG : 200);
    await running.streamed;
    clearTimeout(timer);
    return {
      code,
      signal,
      events: running.reader.summary(),
      thrown: running.thrown,
      printed,
      ...(running.streamError !== undefined && { streamError: running.streamError }),
    };
  }

  /** The program of the operation at hand, with what it throws kept as problems. */
  async #run(): Promise<Record<string, unknown>> {
    const running = this.#running;
    const plan = running?.job.plan;
    if (!running || !plan) return {};
    const { key, sharedStacks, ...context } = running.job.context;
    try {
      return await this.#program(plan, {
        key: Buffer.from(key, "hex"),
        ...context,
        sharedStacks: new Set(sharedStacks),
      });
    } catch (error) {
      running.thrown.push(...problemsOf(error, "the program of the stack failed"));
      throw error;
    }
  }

  #receive(
    call: ServerReadableStream<EventRequest, empty.Empty>,
    callback: sendUnaryData<empty.Empty>,
  ): void {
    const running = this.#running;
    call.on("data", (request: EventRequest) => {
      if (!running) return;
      try {
        this.#keep(running, request.getEvent());
      } catch (error) {
        running.streamError ??= String(error);
      }
    });
    call.on("error", (error) => running && (running.streamError ??= String(error)));
    call.on("end", () => {
      callback(null, new empty.Empty());
      running?.endStream();
    });
  }

  #keep(running: Running, line: string): void {
    const event = parseEvent(line);
    if (!event) return;
    writeSync(running.file, `${JSON.stringify(redactEvent(event))}\n`);
    const { begun, ended, waiting } = running.reader.read(event);
    if (ended) running.done++;
    const urn = waiting?.urn ?? begun;
    if (urn !== undefined || ended)
      running.tell({
        done: running.done,
        ...(urn !== undefined && { resource: nameOf(urn) }),
        ...(waiting && { waiting: waiting.reason }),
      });
  }

  /** Serves what a job needs, as `PULUMI_DEBUG_PROVIDERS` names it: in the place of plugins, installed or not. */
  async #serveProviders({ providers, kubeconfig }: Job): Promise<string | undefined> {
    if (providers.serve === "none") return undefined;
    if (providers.serve === "rehearsal") {
      const port = await this.#serveRehearsal(providers.world);
      return REHEARSED_PACKAGES.map((name) => `${name}:${port}`).join(",");
    }
    if (this.#provider?.kubeconfig !== kubeconfig || !this.#provider) {
      const { port } = await serveKubernetes({ kubeconfig });
      this.#provider = { kubeconfig, port };
    }
    return `kubernetes:${this.#provider.port}`;
  }

  /** Loaded only by those who rehearse: it brings the tables of AWS along. */
  async #serveRehearsal(world: string): Promise<number> {
    const file = scenarioFile(world);
    const told = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    const key = `${world} ${told}`;
    if (this.#rehearsal?.key !== key) {
      await this.#rehearsal?.server.close();
      this.#rehearsal = undefined;
      const { readScenario, serveRehearsal } = await import("../providers/rehearsal/index.ts");
      const scenario = told === undefined ? [] : guardScenario(file, () => readScenario(told));
      this.#rehearsal = { key, server: await serveRehearsal({ world, scenario }) };
    }
    return this.#rehearsal.server.port;
  }
}

/** Runs what reads a scenario, and tells of its file where it cannot be read. */
function guardScenario<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    return fail("FW5040", error instanceof Error ? error.message : String(error), { file });
  }
}

/** Logical name of each item's component → the item's id. */
function itemsOf(plan: Plan | undefined): Map<string, string> {
  return new Map(plan?.items.map(({ id }) => [`${stackBase(plan.stack)}-${id}`, id]));
}
