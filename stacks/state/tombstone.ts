import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Backend } from "./backend.ts";
import { stateFolder } from "./folder.ts";
import { guardStorage } from "./storage.ts";

/** Something that was kept when what it is a copy of went. */
export interface LastCopy {
  /** Name of the resource. */
  readonly of: string;
  /** `snapshot`: AWS has it; `volume`: a PersistentVolume that is kept; `volume-snapshot`: a VolumeSnapshotContent. */
  readonly kind: "snapshot" | "volume" | "volume-snapshot";
  readonly name: string;
}

/** What is left of a retired stack, for whoever looks for it later. */
export interface Tombstone {
  readonly stack: string;
  /** ISO time at which the first run began to retire it. */
  readonly began: string;
  /** Run that wrote this. */
  readonly run: string;
  readonly copies: readonly LastCopy[];
  /** ISO time at which nothing was left. Absent: it is being retired, or a run broke off; run it again. */
  readonly ended?: string;
}

/** Beside the state of the stack, or where that is not in a folder, in the root. */
export const tombstoneFile = (
  root: string,
  { folder }: Pick<Backend, "folder">,
  stack: string,
): string => join(folder ?? stateFolder(root), "retired", `${stack}.json`);

/** What a tombstone says; undefined where there is none. */
export function readTombstone(
  root: string,
  backend: Pick<Backend, "folder">,
  stack: string,
): Tombstone | undefined {
  const file = tombstoneFile(root, backend, stack);
  return existsSync(file)
    ? guardStorage(file, () => JSON.parse(readFileSync(file, "utf8")) as Tombstone)
    : undefined;
}

/** Stacks that are being retired: a run broke off, whatever of their state is left. */
export function retiringStacks(root: string, backend: Pick<Backend, "folder">): string[] {
  const folder = dirname(tombstoneFile(root, backend, ""));
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .filter((stack) => readTombstone(root, backend, stack)?.ended === undefined);
}

/** Writes on a stack's tombstone; what an earlier run wrote of copies stays. */
export function buryStack(
  about: {
    readonly request: { readonly root: string };
    readonly backend: Pick<Backend, "folder">;
    readonly plan: { readonly stack: string };
    readonly run: string;
  },
  { copies, done }: { readonly copies: readonly LastCopy[]; readonly done: boolean },
): void {
  const { stack } = about.plan;
  const file = tombstoneFile(about.request.root, about.backend, stack);
  const before = readTombstone(about.request.root, about.backend, stack);
  // A stack that was retired, begun anew and retired again begins a new tombstone with the copies of both.
  const now = new Date().toISOString();
  const known = new Map(
    [...(before?.copies ?? []), ...copies].map((copy) => [`${copy.kind} ${copy.name}`, copy]),
  );
  const tombstone: Tombstone = {
    stack,
    began: before && before.ended === undefined ? before.began : (done && before?.began) || now,
    run: about.run,
    copies: [...known.values()],
    ...(done && { ended: before?.ended ?? now }),
  };
  guardStorage(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, `${JSON.stringify(tombstone, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  });
}
