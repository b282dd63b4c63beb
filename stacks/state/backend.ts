import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Environment } from "../contract/environment.ts";
import { guardStorage } from "./storage.ts";

/** Pulumi project of every stack: stacks are told apart by their names. */
export const PROJECT = "fairway";

/** What backends of one's own call the organization; one that is spoken to by `https://` has its own. */
export const ORGANIZATION = "organization";

/** Name of a stack as its backend knows it. */
export const fullName = (stack: string, organization = ORGANIZATION): string =>
  `${organization}/${PROJECT}/${stack}`;

/** A stack's tombstone is a stack too, with one output (tombstone.ts): it lies where the state lies. */
export const tombstoneOf = (stack: string): string => `${stack}.retired`;

/** The stack whose tombstone one of this name is; undefined where it is none. */
export const retiredIn = (name: string): string | undefined =>
  /^([^.]+\.[^.]+)\.retired$/.exec(name)?.[1];

/** Where the state of an environment's stacks is. */
export interface Backend {
  readonly url: string;
  /** Absent: `ORGANIZATION`. */
  readonly organization?: string;
  /** Absolute, of a `file://` backend; such state is read without starting the engine. */
  readonly folder?: string;
  /** State that is not in a folder. */
  readonly remote?: RemoteState;
}

/** State that is read and written through the engine (stacks/engine/commands.ts). */
export interface RemoteState {
  /** Names of the stacks, sorted. */
  list(): Promise<string[]>;
  /** A stack's deployment, secrets encrypted; undefined where there is none. */
  export(stack: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Writes a stack's deployment; the stack is made where there is none. */
  import(stack: string, deployment: Readonly<Record<string, unknown>>): Promise<void>;
  /** Removes a stack's state, whatever it holds. */
  remove(stack: string): Promise<void>;
}

/** The backend of an environment: its own setting, else `<root>/.fairway/state`. */
export function openBackend(
  root: string,
  environment: Pick<Environment, "state">,
  remote?: RemoteState,
): Backend {
  const { backend, organization } = environment.state;
  if (backend === undefined) return fileBackend(join(root, ".fairway", "state"));
  return backend.startsWith("file://")
    ? fileBackend(fileURLToPath(new URL(backend)))
    : {
        url: backend,
        ...(organization !== undefined && { organization }),
        ...(remote && { remote }),
      };
}

/** Where state is that others share; undefined of a folder on this machine. */
export const remoteOf = ({ url, folder }: Backend): string | undefined =>
  folder === undefined ? url : undefined;

/** A backend in a folder. Attribute files beside each object carry nothing and are left out. */
export function fileBackend(folder: string): Backend {
  return { url: `${pathToFileURL(folder).href}?metadata=skip`, folder };
}

/** Files of a stack in a `file://` backend. */
export const checkpointFile = (folder: string, stack: string): string =>
  join(folder, ".pulumi", "stacks", PROJECT, `${stack}.json`);
export const lockFolder = (folder: string, stack: string): string =>
  join(folder, ".pulumi", "locks", ORGANIZATION, PROJECT, stack);
export const historyFolder = (folder: string, stack: string): string =>
  join(folder, ".pulumi", "history", PROJECT, stack);
export const backupFolder = (folder: string, stack: string): string =>
  join(folder, ".pulumi", "backups", PROJECT, stack);

/** Makes the folder of a `file://` backend in the layout that knows projects. */
export function prepareBackend(folder: string): void {
  const pulumi = join(folder, ".pulumi");
  if (existsSync(join(pulumi, "meta.yaml"))) return;
  guardStorage(folder, () => {
    mkdirSync(pulumi, { recursive: true, mode: 0o700 });
    writeFileSync(join(pulumi, "meta.yaml"), "version: 1\n");
  });
}

/**
 * Makes an empty stack in a `file://` backend, as `pulumi stack init` does in a third of a second. The engine adds the
 * secrets manager with the first write.
 */
export function createStack(folder: string, stack: string): void {
  prepareBackend(folder);
  const file = checkpointFile(folder, stack);
  guardStorage(file, () => {
    mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { stack: fullName(stack) } }), {
      flag: "wx",
      mode: 0o600,
    });
  });
}
