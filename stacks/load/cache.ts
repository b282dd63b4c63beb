import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf, type Root, type Trace } from "./files.ts";

const NAME = "load.json";

interface Entry {
  /** What the result depends on beside the files. */
  readonly given: string;
  readonly trace: Trace;
  readonly result: unknown;
}

/**
 * Results of reading, each kept with a hash of every file and folder that was looked at, in one file that is replaced as
 * a whole. Another fingerprint (of the code) or a damaged file is an empty cache; a cache that cannot be written is
 * none. Results must be plain JSON.
 */
export class Cache {
  private readonly dir: string;
  private readonly fingerprint: string;
  private readonly old: Readonly<Record<string, Entry>>;
  private readonly entries: Record<string, Entry> = {};
  private changed = false;

  constructor(dir: string, fingerprint: string) {
    this.dir = dir;
    this.fingerprint = fingerprint;
    this.old = (read(dir, NAME, fingerprint) ?? {}) as Record<string, Entry>;
  }

  /** The kept result where nothing that it was made from has changed, else the body's; and what it was made from. */
  result<T>(root: Root, key: string, given: string, body: () => T): { result: T; trace: Trace } {
    const kept = Object.hasOwn(this.old, key) ? this.old[key] : undefined;
    if (kept?.given === given && root.unchanged(kept.trace)) {
      this.entries[key] = kept;
      return { result: kept.result as T, trace: kept.trace };
    }
    const made = root.traced(body);
    this.entries[key] = { given, ...made };
    this.changed = true;
    return made;
  }

  /** Writes what this run used, where it differs from what was there. */
  save(): void {
    if (this.changed || Object.keys(this.old).length !== Object.keys(this.entries).length)
      write(this.dir, NAME, this.fingerprint, this.entries);
  }
}

/**
 * One result kept in one file as long as its key stays the same, such as a workspace's digest with the fingerprint of
 * the build. Without a key nothing is kept. Results must be plain JSON.
 */
export function remembered<T>(
  dir: string,
  name: string,
  key: string | undefined,
  body: () => T,
): T {
  if (key === undefined) return body();
  const stamp = hashOf(key);
  const kept = read(dir, name, stamp);
  if (kept !== undefined) return kept as T;
  const result = body();
  write(dir, name, stamp, result);
  return result;
}

/** Of the running code: the name of the build that it stands in, which changes with every source. From source: none. */
export function builtFingerprint(): string | undefined {
  return /\/\.fairway\/build\/([^/]+)\//.exec(import.meta.url)?.[1];
}

const header = (stamp: string, body: string): string => `${stamp} ${hashOf(body)}`;

function read(dir: string, name: string, stamp: string): unknown {
  try {
    const text = readFileSync(join(dir, name), "utf8");
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    return text.slice(0, end) === header(stamp, body) ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the file as a whole. */
function write(dir: string, name: string, stamp: string, value: unknown): void {
  const body = JSON.stringify(value);
  try {
    mkdirSync(dir, { recursive: true });
    const folder = mkdtempSync(join(dir, ".draft-"));
    try {
      const file = join(folder, name);
      writeFileSync(file, `${header(stamp, body)}\n${body}`, { mode: 0o600 });
      renameSync(file, join(dir, name));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  } catch {
    // Without a cache everything is done again: slower, and right.
  }
}
