import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse, stringify } from "yaml";
import { checkoutRoot } from "../setup/checkout.ts";

/** What a run of the real command gave. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A document that a command prints with `--json`. */
export interface Document {
  readonly command: string;
  readonly exit: number;
  readonly rehearsed: boolean;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly problems: readonly {
    readonly code: string;
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
  }[];
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

/** A root in a temporary folder that a user could own, and the real command run on it as a process. */
export interface TestRoot {
  readonly folder: string;
  write(file: string, text: string): void;
  read(file: string): string;
  /** Runs `fairway ARGS --root FOLDER`. */
  fairway(...args: string[]): Promise<Ran>;
  /** The same with `--json`, parsed. */
  json(...args: string[]): Promise<Document>;
  remove(): void;
}

export interface RootOptions {
  /** Merged over `spec` of the checkout's `environments/local.yaml`. */
  readonly environment?: Readonly<Record<string, unknown>>;
  /** Folders of services: name in the root → folder to copy. */
  readonly services?: Readonly<Record<string, string>>;
  /** Added to the surroundings of the command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Kubeconfig of the control plane of this test run. Default: the one that vitest's set-up started. */
  readonly kubeconfig?: string;
}

/** Makes a root whose environment `local` is the checkout's, on the control plane of this test run. */
export function testRoot(options: RootOptions = {}): TestRoot {
  const folder = mkdtempSync(path.join(tmpdir(), "fairway-root-"));
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  const environment = parse(
    readFileSync(path.join(checkoutRoot(), "environments", "local.yaml"), "utf8"),
  ) as { spec: Record<string, unknown> };
  const kubeconfig = options.kubeconfig ?? process.env["FAIRWAY_TEST_KUBECONFIG"];
  if (kubeconfig) environment.spec["cluster"] = { context: contextOf(kubeconfig), kubeconfig };
  environment.spec = { ...environment.spec, ...options.environment };
  write("environments/local.yaml", stringify(environment));
  mkdirSync(path.join(folder, "services"), { recursive: true });
  for (const [name, from] of Object.entries(options.services ?? {}))
    cpSync(from, path.join(folder, "services", name), { recursive: true });
  const fairway = (...args: string[]): Promise<Ran> =>
    run([...args, "--root", folder], options.env);
  return {
    folder,
    write,
    read: (file) => readFileSync(path.join(folder, file), "utf8"),
    fairway,
    async json(...args) {
      const ran = await fairway(...args, "--json");
      try {
        return JSON.parse(ran.stdout) as Document;
      } catch {
        throw new Error(
          `fairway ${args.join(" ")} --json printed no JSON (exit ${ran.code})\n${ran.stdout}${ran.stderr}`,
        );
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function contextOf(kubeconfig: string): string {
  return (parse(readFileSync(kubeconfig, "utf8")) as { "current-context": string })[
    "current-context"
  ];
}

/** Runs the bin as a user does. */
export const runFairway = (...args: string[]): Promise<Ran> => run(args);

/** The same with more in its surroundings. */
export const runFairwayWith = (
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Ran> => run(args, env);

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const bin = path.join(checkoutRoot(), "fairway.mjs");
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [bin, ...args],
      { env: { ...process.env, CI: "true", ...env }, maxBuffer: 256 * 2 ** 20 },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
        resolve({ code, stdout, stderr });
      },
    );
  });
}
