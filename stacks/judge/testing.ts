import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { ComponentResource, type Inputs } from "@pulumi/pulumi";
import * as automation from "@pulumi/pulumi/automation/server.js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { obtainEngine } from "../../tools/engine/engine.ts";
import type { ResourceView } from "../contract/finding.ts";

/** A folder with a project, a state backend and what the engine needs to run beside others. */
export interface Bench {
  readonly dir: string;
  /** Runs one engine operation over resources, with packs; `up` skips the preview. */
  run(
    operation: "preview" | "up",
    stack: string,
    resources: readonly Declared[],
    packs: readonly string[],
  ): Promise<EngineRun>;
  remove(): void;
}

/** A resource that a program declares as a component of that type, so that no provider is asked. */
export type Declared = Pick<ResourceView, "type" | "name"> & { readonly props: Inputs };

interface EngineRun {
  readonly code: number;
  readonly output: string;
  readonly events: readonly PolicyEvents[];
}

interface PolicyEvents {
  readonly policyEvent?: {
    readonly resourceUrn: string;
    readonly message: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
  };
  readonly policyAnalyzeSummaryEvent?: {
    readonly resourceUrn: string;
    readonly passed?: readonly string[];
    readonly failed?: readonly string[];
  };
}

export async function makeBench(): Promise<Bench> {
  const { path: engine } = await obtainEngine({});
  const dir = mkdtempSync(join(tmpdir(), "fairway-judge-"));
  mkdirSync(join(dir, "state"));
  writeFileSync(join(dir, "Pulumi.yaml"), "name: fairway\nruntime: nodejs\n");
  const env = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${join(dir, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true",
    PULUMI_DEBUG_COMMANDS: "true",
  };
  let runs = 0;
  const made = new Set<string>();
  const pulumi = async (args: readonly string[], home: string) =>
    promisify(execFile)(engine, args, {
      cwd: dir,
      env: { ...env, PULUMI_HOME: home },
      timeout: 60_000,
      maxBuffer: 64 * 1024 * 1024,
    }).then(
      ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
      (error: { code?: number; stdout?: string; stderr?: string }) => ({
        code: typeof error.code === "number" ? error.code : -1,
        output: `${error.stdout ?? ""}${error.stderr ?? ""}`,
      }),
    );
  return {
    dir,
    async run(operation, stack, resources, packs) {
      const home = join(dir, `home-${++runs}`);
      const log = join(dir, `events-${runs}.json`);
      mkdirSync(home);
      if (!made.has(stack))
        await pulumi(["stack", "init", stack, "--no-select", "--non-interactive"], home);
      made.add(stack);
      const program = await serveProgram(resources);
      try {
        const ended = await pulumi(
          [
            operation,
            `--stack=${stack}`,
            `--client=127.0.0.1:${program.port}`,
            "--exec-kind=auto.inline",
            "--non-interactive",
            ...(operation === "up" ? ["--yes", "--skip-preview"] : []),
            `--event-log=${log}`,
            ...packs.map((pack) => `--policy-pack=${pack}`),
          ],
          home,
        );
        const events = readFileSync(log, "utf8")
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => JSON.parse(line) as PolicyEvents);
        return { ...ended, events };
      } finally {
        program.close();
      }
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Not in the SDK's types, yet what its Automation API serves inline programs with. */
const { LanguageServer } = automation as unknown as {
  readonly LanguageServer: new (program: () => Promise<void>) => UntypedServiceImplementation & {
    onPulumiExit(hasError: boolean): void;
  };
};

async function serveProgram(resources: readonly Declared[]) {
  const server = new Server();
  const language = new LanguageServer(async () => {
    for (const { type, name, props } of resources)
      new ComponentResource(type, name, props, {}, false);
  });
  server.addService(languageGrpc.LanguageRuntimeService, language);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    close() {
      language.onPulumiExit(false);
      server.forceShutdown();
    },
  };
}
