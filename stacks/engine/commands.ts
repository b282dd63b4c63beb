import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../tools/setup/run.ts";
import { self } from "../../tools/setup/process.ts";
import type { Environment } from "../contract/environment.ts";
import { FairwayError, type Problem, problem } from "../contract/problem.ts";
import { PROJECT, type RemoteState, fullName, openBackend } from "../state/backend.ts";
import { type Slot, closeSlot, openSlot } from "../state/folder.ts";
import { readKey } from "../state/key.ts";
import { type Deployment, locksIn } from "../state/repair.ts";
import { guardStorage } from "../state/storage.ts";
import { engineEnvironment, pluginFolder } from "./surroundings.ts";

/** Short commands of the engine that run no program. */
export type Commands = (...args: readonly string[]) => ReturnType<typeof run>;

const TIMEOUT = 120_000;

/** Commands on a backend, in the folders of a slot. */
export const commandsIn =
  (slot: Slot, engine: string, backend: string, passphrase: string): Commands =>
  (...args) =>
    run(engine, [...args, "--non-interactive", "--color=never"], {
      cwd: slot.work,
      env: engineEnvironment(process.env, { backend, home: slot.home, passphrase }),
      timeoutMs: TIMEOUT,
      // A state is read whole, however long it is.
      keep: Infinity,
    });

/** The deployment of a stack, given by its full name, secrets encrypted; undefined where there is none. */
export async function exportStack(
  commands: Commands,
  stack: string,
): Promise<Deployment | undefined> {
  const { code, stdout, stderr } = await commands("stack", "export", "--stack", stack);
  if (code === 0)
    return (JSON.parse(stdout) as { deployment?: Deployment }).deployment ?? undefined;
  if (/no stack named/.test(stderr)) return undefined;
  throw new FairwayError(unreadable(`the state of ${stack}`, stderr));
}

/** What an engine says that cannot get at a backend; without the remarks of its libraries. */
export function unreadable(what: string, stderr: string): Problem {
  const said = stderr
    .split("\n")
    .map((line) => line.replace(/^error: /, "").trim())
    .filter((line) => line !== "" && !/^SDK \S+ \S+ (WARN|DEBUG) /.test(line))
    .join("; ");
  return problem("FW5011", `${what} cannot be read: ${said}`, {
    ...(/credential|identity|AccessDenied|Forbidden/i.test(said) && {
      hint: "log in to the account that holds the state (for S3 `aws sso login`, or set AWS_PROFILE), then run it again",
    }),
  });
}

/**
 * Makes a stack, given by its full name; one that is there stays as it is.
 * @throws FairwayError FW5011.
 */
export async function initStack(
  commands: Commands,
  stack: string,
  secretsProvider: string,
): Promise<void> {
  const made = await commands(
    "stack",
    "init",
    stack,
    "--no-select",
    "--secrets-provider",
    secretsProvider,
  );
  if (made.code !== 0 && !/already exists/.test(made.stderr))
    throw new FairwayError(
      problem("FW5011", `the engine could not make ${stack}: ${made.stderr.trim()}`),
    );
}

/** Writes a deployment of a stack, given by its full name. */
export async function importStack(
  commands: Commands,
  stack: string,
  deployment: Deployment,
  folder: string,
): ReturnType<Commands> {
  const file = join(folder, "deployment.json");
  guardStorage(file, () =>
    writeFileSync(file, JSON.stringify({ version: 3, deployment }), { mode: 0o600 }),
  );
  try {
    return await commands("stack", "import", "--stack", stack, "--file", file);
  } finally {
    rmSync(file, { force: true });
  }
}

/** The state of an environment through the engine, where it is not in a folder. */
export function remoteState(
  root: string,
  environment: Environment,
  engine: { readonly path: string },
): RemoteState {
  const { url, organization } = openBackend(root, environment);
  const nameOf = (stack: string): string => fullName(stack, organization);
  const within = async <T>(body: (commands: Commands, slot: Slot) => Promise<T>): Promise<T> => {
    const slot = openSlot(root, self(), pluginFolder(process.env));
    try {
      const { hex } = readKey(root, process.env["FAIRWAY_KEY"], url);
      return await body(commandsIn(slot, engine.path, url, hex), slot);
    } finally {
      closeSlot(slot);
    }
  };
  return {
    list: () =>
      within(async (commands) => {
        const { code, stdout, stderr } = await commands(
          "stack",
          "ls",
          "--project",
          PROJECT,
          "--json",
          ...(organization === undefined ? [] : ["--organization", organization]),
        );
        if (code !== 0) throw new FairwayError(unreadable(`the list of stacks in ${url}`, stderr));
        const stacks = JSON.parse(stdout) as { name: string }[];
        return stacks.map(({ name }) => name.split("/").at(-1)!).sort();
      }),
    export: (stack) => within((commands) => exportStack(commands, nameOf(stack))),
    import: (stack, deployment) =>
      within(async (commands, slot) => {
        const name = nameOf(stack);
        await initStack(commands, name, environment.secretsProvider);
        const put = (): ReturnType<Commands> =>
          importStack(commands, name, deployment, slot.folder);
        let done = await put();
        if (locksIn(done.stderr).length > 0) {
          await commands("cancel", "--yes", "--stack", name);
          done = await put();
        }
        if (done.code !== 0)
          throw new FairwayError(
            problem("FW5011", `the engine could not write ${stack}: ${done.stderr.trim()}`),
          );
      }),
    remove: (stack) =>
      within(async (commands) => {
        const { code, stderr } = await commands("stack", "rm", "--yes", "--force", nameOf(stack));
        if (code !== 0 && !/no stack named/.test(stderr))
          throw new FairwayError(
            problem("FW5011", `the engine could not remove ${stack}: ${stderr.trim()}`),
          );
      }),
  };
}
