import { run } from "../../tools/setup/run.ts";
import { self } from "../../tools/setup/process.ts";
import type { Environment } from "../contract/environment.ts";
import { FairwayError, type Problem, problem } from "../contract/problem.ts";
import { PROJECT, type RemoteReader, fullName, openBackend } from "../state/backend.ts";
import { type Slot, closeSlot, openSlot } from "../state/folder.ts";
import { readKey } from "../state/key.ts";
import type { Deployment } from "../state/repair.ts";
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

/** Reads the state of an environment through the engine, where it is not in a folder. */
export function remoteReader(
  root: string,
  environment: Environment,
  engine: { readonly path: string },
): RemoteReader {
  const { url, organization } = openBackend(root, environment);
  const within = async <T>(body: (commands: Commands) => Promise<T>): Promise<T> => {
    const slot = openSlot(root, self(), pluginFolder(process.env));
    try {
      return await body(
        commandsIn(slot, engine.path, url, readKey(root, process.env["FAIRWAY_KEY"], url).hex),
      );
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
    export: (stack) => within((commands) => exportStack(commands, fullName(stack, organization))),
  };
}
