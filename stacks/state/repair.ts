import {
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { processStart } from "../../tools/setup/process.ts";
import { checkpointFile, lockFolder } from "./backend.ts";
import { guardStorage } from "./storage.ts";

/** A lock of the engine, in its own words. */
export interface EngineLock {
  readonly pid: number;
  readonly hostname: string;
}

/** Locks that the engine names when it refuses to go on. */
export function locksIn(
  printed: string,
): (EngineLock & { readonly user: string; readonly since: string })[] {
  const found = printed.matchAll(/created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g);
  return [...found].map(([, user = "", host = "", pid = "", since = ""]) => ({
    pid: Number(pid),
    hostname: host,
    user,
    since,
  }));
}

/** Whether a lock's process is gone: one of those known to be `dead`, or none of this machine. */
export const isDeadLock = (lock: EngineLock, dead: ReadonlySet<number>): boolean =>
  lock.hostname === hostname() && (dead.has(lock.pid) || processStart(lock.pid) === undefined);

/**
 * Removes the engine's locks of a stack in a `file://` backend whose processes are gone; `pulumi cancel` does the same
 * with a start of the engine and without looking whether the process is gone.
 * @param dead Processes known to be gone, whatever runs under their numbers now.
 * @returns How many were removed.
 */
export function clearDeadLocks(folder: string, stack: string, dead: ReadonlySet<number>): number {
  const locks = lockFolder(folder, stack);
  if (!existsSync(locks)) return 0;
  return guardStorage(locks, () => {
    const stale = readdirSync(locks).filter((name) => isStale(join(locks, name), dead));
    for (const name of stale) rmSync(join(locks, name), { force: true });
    return stale.length;
  });
}

function isStale(file: string, dead: ReadonlySet<number>): boolean {
  try {
    return isDeadLock(JSON.parse(readFileSync(file, "utf8")) as EngineLock, dead);
  } catch {
    // Cut off while it was written: the engine writes it before it does anything.
    return true;
  }
}

/** A deployment as `pulumi stack export` prints it and `stack import` reads it. */
export interface Deployment {
  readonly resources?: readonly RawResource[];
  readonly pending_operations?: readonly {
    readonly type: string;
    readonly resource: RawResource;
  }[];
  readonly [key: string]: unknown;
}

export interface RawResource {
  readonly urn: string;
  readonly type: string;
  readonly protect?: boolean;
  readonly custom?: boolean;
  readonly id?: string;
  readonly delete?: boolean;
  readonly parent?: string;
  /** URN and id of its provider. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Mends the checkpoint of a stack in a `file://` backend in place; the file before stays beside it as `.bak`. */
export function mendFile(
  folder: string,
  stack: string,
  operation: "up" | "destroy",
  rehearsed = false,
): readonly string[] {
  let undecided: readonly string[] = [];
  rewriteFile(folder, stack, (deployment) => {
    const mended = mend(deployment, operation, rehearsed);
    undecided = mended.undecided ?? [];
    return mended.deployment;
  });
  return undecided;
}

/**
 * Writes the checkpoint of a stack in a `file://` backend anew, the file before beside it as `.bak`.
 * @param change Gives the new deployment; undefined: nothing is written.
 */
export function rewriteFile(
  folder: string,
  stack: string,
  change: (deployment: Deployment) => Deployment | undefined,
): void {
  const file = checkpointFile(folder, stack);
  guardStorage(file, () => {
    const document = JSON.parse(readFileSync(file, "utf8")) as {
      checkpoint: { latest: Deployment };
    };
    const latest = change(document.checkpoint.latest);
    if (!latest) return;
    const draft = `${file}.mended`;
    writeFileSync(
      draft,
      JSON.stringify({ ...document, checkpoint: { ...document.checkpoint, latest } }),
      { mode: 0o600 },
    );
    copyFileSync(file, `${file}.bak`);
    renameSync(draft, file);
  });
}

/** A deployment in which the engine protects nothing. */
export const withoutProtect = (deployment: Deployment): Deployment => ({
  ...deployment,
  resources: (deployment.resources ?? []).map((resource) => {
    const { protect: _, ...rest } = resource;
    return rest;
  }),
});

/** A deployment without half-done operations, or the URNs that only a person can decide about. */
export type Mended =
  | { readonly deployment: Deployment; readonly undecided?: undefined }
  | { readonly deployment?: undefined; readonly undecided: readonly string[] };

/**
 * Takes the operations that an interrupted engine left half done out of a deployment. Updates and deletes are simply done
 * again. A create of a Kubernetes object is too, since the provider takes over an object that it made itself; before a
 * `destroy` the object is recorded, under the id that its inputs give, so that it is deleted if it is there. Creates
 * of others are undecided: nobody here knows the id that the cloud gave. What was `rehearsed` does not exist either way.
 */
export function mend(
  deployment: Deployment,
  operation: "up" | "destroy",
  rehearsed = false,
): Mended {
  const { pending_operations: pending = [], ...rest } = deployment;
  const resources = [...(deployment.resources ?? [])];
  const undecided: string[] = [];
  for (const { type, resource } of pending) {
    if (rehearsed || type !== "creating" || resource.type.startsWith("pulumi:")) continue;
    const id = resource.type.startsWith("kubernetes:") ? kubernetesId(resource.inputs) : undefined;
    if (id === undefined) undecided.push(resource.urn);
    else if (
      operation === "destroy" &&
      !resources.some((one) => one.urn === resource.urn && one.id === id)
    )
      resources.push({
        ...resource,
        custom: true,
        id,
        ...(resources.some(({ urn }) => urn === resource.urn) && { delete: true }),
      });
  }
  return undecided.length > 0 ? { undecided } : { deployment: { ...rest, resources } };
}

/** Id of a Kubernetes object as its provider writes it. */
function kubernetesId(inputs: RawResource["inputs"]): string | undefined {
  const { name, namespace } = (inputs?.["metadata"] ?? {}) as {
    name?: unknown;
    namespace?: unknown;
  };
  if (typeof name !== "string") return undefined;
  return typeof namespace === "string" ? `${namespace}/${name}` : name;
}
