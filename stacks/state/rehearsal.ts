import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Environment } from "../contract/environment.ts";
import { type Problem, problem } from "../contract/problem.ts";
import { REHEARSED } from "../contract/rehearsal.ts";
import { readDeployment } from "./checkpoint.ts";
import { stateFolder } from "./folder.ts";
import { guardStorage } from "./storage.ts";

/** In the folder of a backend that holds nothing but rehearsed state. */
const MARKER = "REHEARSED";
const MARK = "Nothing that this state describes exists: it was rehearsed (fairway --rehearse).\n";

/**
 * Where an environment is rehearsed: a root inside the root, so that state, key, leases and runs are apart from the real
 * ones without anybody having to think of it.
 */
export const rehearsalRoot = (root: string, environment: string): string =>
  join(stateFolder(root), "rehearsal", environment);

/** What exists in the rehearsed world of such a root, a file for each stack. */
export const worldFolder = (root: string): string => join(stateFolder(root), "world");

/** What shall happen to operations on such a world, for tests: slow, throttled, failing ones. It need not exist. */
export const scenarioFile = (world: string): string => join(dirname(world), "scenario.json");

/** An environment as it is rehearsed: its state in a folder, encrypted with a key of its own, whatever is used for real. */
export const rehearsed = (environment: Environment): Environment => ({
  ...environment,
  state: {},
  secretsProvider: "passphrase",
});

/** Marks a backend's folder as one that holds rehearsed state. */
export function markRehearsed(folder: string): void {
  const file = join(folder, MARKER);
  guardStorage(file, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(file)) writeFileSync(file, MARK);
  });
}

/** Whether a backend's folder is marked so. */
export const isMarked = (folder: string): boolean => existsSync(join(folder, MARKER));

/** Stacks of a backend's folder, of those named, whose state was rehearsed. */
export const rehearsedIn = (folder: string, stacks: readonly string[]): string[] =>
  stacks.filter((stack) => {
    const deployment = readDeployment(folder, stack);
    return deployment !== undefined && (isMarked(folder) || isRehearsed(deployment));
  });

/** Why a real run refuses a stack. */
export const rehearsedProblem = (environment: Environment, where: string, stack: string): Problem =>
  problem("FW5030", `the state of ${stack} in ${where} was rehearsed: nothing of it exists`, {
    hint: "run it with `--rehearse`, or name the real backend in the environment file",
    file: environment.file,
    path: "spec.state",
  });

/** Whether a deployment, as the engine records it, was rehearsed: the mark stands in each of its providers. */
export function isRehearsed(deployment: Readonly<Record<string, unknown>>): boolean {
  const { resources } = deployment as {
    resources?: readonly { type?: unknown; inputs?: Readonly<Record<string, unknown>> }[];
  };
  return (resources ?? []).some(
    ({ type, inputs }) =>
      String(type).startsWith("pulumi:providers:") && inputs?.[REHEARSED] === true,
  );
}
