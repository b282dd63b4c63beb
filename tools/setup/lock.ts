import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, self, type Owner } from "./process.ts";

/** Options of {@link withLock}. */
export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Told once who holds the lock. */
  readonly waiting?: (owner: Owner) => void;
}

const POLL = 150;
const HEARTBEAT = 10_000;
/** A holder on another machine cannot be asked; one that has not touched its file for so long is dead. */
const FOREIGN_STALE = 60_000;

interface Generation {
  readonly n: number;
  /** Undefined once released. */
  readonly owner: Owner | undefined;
  readonly path: string;
}

/**
 * Runs `body` while no other process runs under the same lock `file`; a holder that died is passed over.
 *
 * The lock is a row of files `file.1`, `file.2`, …: the highest one counts. To take it a process creates the next
 * number, which only one can do, and gives way if a higher one stands there afterwards. A released file stays, so
 * that numbers never run backwards; that makes taking over from a dead holder free of races.
 */
export async function withLock<T>(
  file: string,
  body: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const mine = await acquire(file, options);
  const beat = setInterval(() => touch(mine), HEARTBEAT);
  beat.unref();
  try {
    return await body();
  } finally {
    clearInterval(beat);
    publish(mine, "released", renameSync);
  }
}

async function acquire(file: string, { signal, waiting }: LockOptions): Promise<string> {
  for (let told = false; ;) {
    signal?.throwIfAborted();
    const top = highest(file);
    if (top?.owner && holds(top.owner, top.path)) {
      if (!told) waiting?.(top.owner);
      told = true;
      await sleep(POLL, undefined, signal ? { signal } : {}).catch(() => undefined);
      continue;
    }
    const mine = `${file}.${(top?.n ?? 0) + 1}`;
    if (!publish(mine, JSON.stringify(self()), linkSync)) continue;
    if (highest(file)?.path !== mine) {
      rmSync(mine, { force: true });
      continue;
    }
    for (const old of generations(file))
      if (`${file}.${old}` !== mine) rmSync(`${file}.${old}`, { force: true });
    return mine;
  }
}

/** Makes a file appear whole; false where `place` refuses because it is there already. */
function publish(
  path: string,
  content: string,
  place: (from: string, to: string) => void,
): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    place(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function generations(file: string): number[] {
  const prefix = `${basename(file)}.`;
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)));
}

function highest(file: string): Generation | undefined {
  const n = Math.max(...generations(file), 0);
  if (n === 0) return undefined;
  const path = join(dirname(file), `${basename(file)}.${n}`);
  return { n, path, owner: readOwner(path) };
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

function holds(owner: Owner, path: string): boolean {
  if (owner.host === hostname()) return isAlive(owner);
  try {
    return Date.now() - statSync(path).mtimeMs < FOREIGN_STALE;
  } catch {
    return false;
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Taken over by another machine that saw no sign of life: nothing to keep alive.
  }
}
