import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import grpc from "@grpc/grpc-js";
import * as automation from "@pulumi/pulumi/automation/server.js";
import language from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { findEngine } from "../../../tools/engine/engine.ts";
import { openClient, type Client } from "./client.ts";
import { statusOf } from "./failure.ts";
import { listAt, objectAt, textAt, type JsonObject } from "./json.ts";
import { openKubeconfig } from "./kubeconfig.ts";
import { serveKubernetes } from "./server.ts";

/** The automation API's own language server: exported, but left out of its type declarations. */
const { LanguageServer } = automation as unknown as {
  LanguageServer: new (program: Program) => grpc.UntypedServiceImplementation & {
    run(...call: unknown[]): Promise<void>;
  };
};

/**
 * How long a program that the engine gave up is given to end, ms: what it still hears would count as an error of the
 * next one in this process. It may also wait for ever, for an answer that the engine owed it.
 */
const LEFTOVERS = 1000;

/** One resource step as the engine's event stream tells it. */
interface Step {
  op: string;
  urn: string;
  type: string;
  /** Pulumi's paths of what changed. */
  diffs: string[];
  /** Paths with the kind of change, such as `update-replace`. */
  detailed: Record<string, string>;
}

/** What one engine operation did. */
export interface Run {
  code: number;
  /** Everything printed. */
  output: string;
  /** Steps on Kubernetes objects that are not `same`, as `op Kind name`, sorted. */
  steps: string[];
  /** The event stream without debug lines, which hold secrets in clear. */
  events: JsonObject[];
  all: Step[];
  /** Diagnostics of the engine and the provider, one text. */
  diagnostics: string;
  milliseconds: number;
  /** Milliseconds from the interruption to the end; 0 without one. */
  ended: number;
}

/** A state that knows no resource. */
export const EMPTY: JsonObject = {};

/** A program in the words of Pulumi; run anew for each operation. */
export type Program = () =>
  | Promise<Record<string, unknown> | void>
  | Record<string, unknown>
  | void;

/** One stack of the real engine with the provider attached, for tests only. */
interface TestStack {
  name: string;
  run(
    args: string[],
    program?: Program,
    /** One SIGINT once the output holds this text. */
    interruptAt?: string,
  ): Promise<Run>;
  preview(program: Program, ...args: string[]): Promise<Run>;
  up(program: Program, ...args: string[]): Promise<Run>;
  /** An update that is interrupted once its output holds `reason`: what a person sees who waits, and then gives up. */
  upUntil(program: Program, reason: string): Promise<Run>;
  destroy(): Promise<Run>;
  /** `--yes` or `--preview-only` is the caller's to say. */
  refresh(program: Program, ...args: string[]): Promise<Run>;
  /** Puts the state of a stack of the same name back, or `EMPTY`, as a lost state file would. */
  restore(state: JsonObject): Promise<void>;
  /** The deployment in the state file. */
  state(): JsonObject;
  stateText(): string;
}

/** A workspace whose stacks share a state backend and providers such as `kubernetes:PORT`; `close` removes it. */
export function openWorkspace(options: { pulumi: string; providers: string }): {
  stack(name: string): Promise<TestStack>;
  close(): void;
} {
  const dir = mkdtempSync(join(tmpdir(), "fairway-kubernetes-"));
  const env: Record<string, string> = {
    PATH: process.env["PATH"] ?? "",
    HOME: dir,
    PULUMI_HOME: join(dir, "home"),
    PULUMI_BACKEND_URL: `file://${join(dir, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true",
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_DEBUG_PROVIDERS: options.providers,
  };
  mkdirSync(join(dir, "state"));
  writeFileSync(join(dir, "Pulumi.yaml"), "name: test\nruntime: nodejs\nmain: .\n");

  const exec = (
    args: string[],
    interruptAt?: string,
  ): Promise<{ code: number; output: string; ended: number }> =>
    new Promise((resolve, reject) => {
      const child = spawn(options.pulumi, args, {
        cwd: dir,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      let interrupted = 0;
      const take = (chunk: Buffer): void => {
        output += chunk.toString();
        if (interruptAt === undefined || interrupted || !output.includes(interruptAt)) return;
        interrupted = performance.now();
        child.kill("SIGINT");
      };
      child.stdout.on("data", take);
      child.stderr.on("data", take);
      child.on("error", reject);
      child.on("close", (code) => {
        const ended = interrupted ? performance.now() - interrupted : 0;
        resolve({ code: code ?? -1, output, ended });
      });
    });

  const open = async (name: string): Promise<TestStack> => {
    const created = await exec(["stack", "init", name, "--no-select", "--non-interactive"]);
    if (created.code !== 0) throw new Error(created.output);
    const stateFile = join(dir, "state/.pulumi/stacks/test", `${name}.json`);
    let count = 0;
    const run: TestStack["run"] = async (args, program = () => {}, interruptAt) => {
      const log = join(dir, `${name}-${count++}.log`);
      const server = new grpc.Server();
      const host = new LanguageServer(async () => program());
      const begin = host.run.bind(host);
      let ran = Promise.resolve();
      host.run = (...call) => (ran = begin(...call));
      server.addService(language.LanguageRuntimeService as unknown as grpc.ServiceDefinition, host);
      const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
          error ? reject(error) : resolve(bound),
        ),
      );
      const begun = performance.now();
      try {
        const full = [
          ...args,
          "--stack",
          name,
          "--non-interactive",
          "--event-log",
          log,
          `--client=127.0.0.1:${port}`,
          "--exec-kind",
          "auto.inline",
        ];
        const { code, output, ended } = await exec(full, interruptAt);
        const events = existsSync(log)
          ? readFileSync(log, "utf8")
              .split("\n")
              .filter(Boolean)
              .map((line) => JSON.parse(line) as JsonObject)
              .filter((event) => textAt(event, "diagnosticEvent", "severity") !== "debug")
          : [];
        const all = events
          .map((event) => objectAt(event, "resourcePreEvent", "metadata"))
          .filter((each) => each["op"] !== undefined)
          .map(stepOf);
        const steps = all
          .filter(({ op, type }) => op !== "same" && type.startsWith("kubernetes:"))
          .map(({ op, type, urn }) => `${op} ${type.split(":").at(-1)} ${urn.split("::").at(-1)}`);
        const diagnostics = events
          .map((event) => textAt(event, "diagnosticEvent", "message"))
          .filter(Boolean)
          .join("\n");
        return {
          code,
          output,
          steps: steps.sort(),
          events,
          all,
          diagnostics,
          milliseconds: performance.now() - begun,
          ended,
        };
      } finally {
        server.forceShutdown();
        await Promise.race([ran, sleep(LEFTOVERS)]);
      }
    };
    const state = (): JsonObject => JSON.parse(readFileSync(stateFile, "utf8")) as JsonObject;
    return {
      name,
      run,
      preview: (program, ...args) => run(["preview", "--diff", ...args], program),
      up: (program, ...args) => run(["up", "--yes", "--skip-preview", ...args], program),
      upUntil: (program, reason) => run(["up", "--yes", "--skip-preview"], program, reason),
      destroy: () => run(["destroy", "--yes", "--skip-preview"]),
      refresh: (program, ...args) => run(["refresh", ...args], program),
      async restore(other) {
        const file = join(dir, `${name}-restored.json`);
        const deployment = {
          ...objectAt(other, "checkpoint", "latest"),
          ...(other === EMPTY
            ? { ...objectAt(state(), "checkpoint", "latest"), resources: [] }
            : {}),
        };
        writeFileSync(file, JSON.stringify({ version: 3, deployment }));
        const imported = await exec(["stack", "import", "--stack", name, "--file", file]);
        if (imported.code !== 0) throw new Error(imported.output);
      },
      state,
      stateText: () => readFileSync(stateFile, "utf8"),
    };
  };
  return { stack: open, close: () => rmSync(dir, { recursive: true, force: true }) };
}

/** The resources of a stack's state, by `Kind name`. */
export function resourcesOf(state: JsonObject): Map<string, JsonObject> {
  const resources = listAt(state, "checkpoint", "latest", "resources").map((each) =>
    objectAt(each),
  );
  return new Map(
    resources.map((each) => [
      `${textAt(each, "type").split(":").at(-1)} ${textAt(each, "urn").split("::").at(-1)}`,
      each,
    ]),
  );
}

function stepOf(metadata: JsonObject): Step {
  const detailed = Object.fromEntries(
    Object.entries(objectAt(metadata, "detailedDiff")).map(([path, diff]) => [
      path,
      textAt(diff, "diffKind"),
    ]),
  );
  return {
    op: textAt(metadata, "op"),
    urn: textAt(metadata, "urn"),
    type: textAt(metadata, "type"),
    diffs: listAt(metadata, "diffs").map(String),
    detailed,
  };
}

/** Everything an integration test needs: the engine, a served provider, and the API server itself to look at and to meddle with. */
export interface Bench {
  stack(name: string): Promise<TestStack>;
  /** Direct access as a person with `kubectl` has it. */
  client: Client;
  /** The live object at a path; undefined where there is none. */
  get(path: string): Promise<JsonObject | undefined>;
  /** Merges `change` into the live object, as field manager `kubectl-edit`. */
  edit(path: string, change: JsonObject, manager?: string): Promise<void>;
  post(path: string, object: JsonObject): Promise<JsonObject>;
  /** Lines of the provider's log. */
  log: string[];
  close(): Promise<void>;
}

/** Opens a bench on the shared test cluster; `kubeconfig` is what the provider gets, by default the cluster's own. */
export async function openBench(options: { kubeconfig?: string } = {}): Promise<Bench> {
  const own = readFileSync(process.env["FAIRWAY_TEST_KUBECONFIG"] ?? "", "utf8");
  const engine = await findEngine();
  if (!engine) throw new Error("the engine is missing");
  const log: string[] = [];
  const server = await serveKubernetes({
    kubeconfig: options.kubeconfig ?? own,
    log: (line) => void log.push(line),
  });
  const workspace = openWorkspace({
    pulumi: engine.path,
    providers: `kubernetes:${server.port}`,
  });
  const client = openClient(await openKubeconfig(own), Date.now);
  return {
    stack: workspace.stack,
    client,
    log,
    async get(path) {
      try {
        return (await client.request({ method: "GET", path })).body;
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    },
    async edit(path, change, manager = "kubectl-edit") {
      await client.request({
        method: "PATCH",
        path,
        type: "application/merge-patch+json",
        query: { fieldManager: manager },
        body: change,
      });
    },
    post: async (path, object) =>
      (await client.request({ method: "POST", path, body: object })).body,
    async close() {
      client.close();
      workspace.close();
      await server.close();
    },
  };
}
