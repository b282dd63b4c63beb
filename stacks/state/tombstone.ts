import { existsSync, rmSync } from "node:fs";
import { type Backend, PROJECT, checkpointFile, createStack, tombstoneOf } from "./backend.ts";
import { readOutputs, remoteIn } from "./checkpoint.ts";
import { type Deployment, rewriteFile } from "./repair.ts";
import { guardStorage } from "./storage.ts";

/** Something that was kept when what it is a copy of went. */
export interface LastCopy {
  /** Name of the resource. */
  readonly of: string;
  /** `snapshot`: AWS has it; `volume`: a PersistentVolume that is kept; `secret`: one in Secrets Manager that is being deleted. */
  readonly kind: "snapshot" | "volume" | "secret";
  readonly name: string;
  /** ISO date until which it can be brought back. Default: it stays. */
  readonly until?: string;
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

/** What a tombstone says; undefined where there is none. */
export async function readTombstone(
  backend: Backend,
  stack: string,
): Promise<Tombstone | undefined> {
  const outputs = await readOutputs(backend, tombstoneOf(stack));
  return outputs?.["tombstone"] as unknown as Tombstone | undefined;
}

/** Writes on a stack's tombstone; what an earlier run wrote of copies stays. */
export async function buryStack(
  backend: Backend,
  {
    stack,
    run,
    copies,
    done,
  }: {
    readonly stack: string;
    readonly run: string;
    readonly copies: readonly LastCopy[];
    readonly done: boolean;
  },
): Promise<void> {
  const before = await readTombstone(backend, stack);
  // A stack that was retired, begun anew and retired again begins a new tombstone with the copies of both.
  const now = new Date().toISOString();
  const known = new Map(
    [...(before?.copies ?? []), ...copies].map((copy) => [`${copy.kind} ${copy.name}`, copy]),
  );
  const tombstone: Tombstone = {
    stack,
    began: before && before.ended === undefined ? before.began : (done && before?.began) || now,
    run,
    copies: [...known.values()],
    ...(done && { ended: before?.ended ?? now }),
  };
  await write(backend, tombstoneOf(stack), { tombstone });
}

/** Takes a stack's tombstone away; does nothing where there is none. */
export async function removeTombstone(backend: Backend, stack: string): Promise<void> {
  const name = tombstoneOf(stack);
  const { folder } = backend;
  if (folder === undefined) return remoteIn(backend).remove(name);
  const file = checkpointFile(folder, name);
  guardStorage(file, () => {
    for (const path of [`${file}.bak`, file]) rmSync(path, { force: true });
  });
}

/** Writes a stack that holds outputs and nothing else. */
async function write(
  backend: Backend,
  stack: string,
  outputs: Readonly<Record<string, unknown>>,
): Promise<void> {
  const type = "pulumi:pulumi:Stack";
  const root = {
    urn: `urn:pulumi:${stack}::${PROJECT}::${type}::${PROJECT}-${stack}`,
    type,
    custom: false,
    outputs,
  };
  const deployment: Deployment = {
    manifest: { time: new Date().toISOString(), magic: "", version: "" },
    resources: [root],
  };
  const { folder } = backend;
  if (folder === undefined) return remoteIn(backend).import(stack, deployment);
  if (!existsSync(checkpointFile(folder, stack))) createStack(folder, stack);
  rewriteFile(folder, stack, () => deployment);
}
