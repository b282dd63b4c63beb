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
    this.old = read(join(dir, NAME), fingerprint);
  }

  /** The kept result where nothing that it was made from has changed, else the body's. */
  result<T>(root: Root, key: string, given: string, body: () => T): T {
    const kept = Object.hasOwn(this.old, key) ? this.old[key] : undefined;
    if (kept?.given === given && root.unchanged(kept.trace)) {
      this.entries[key] = kept;
      return kept.result as T;
    }
    const { result, trace } = root.traced(body);
    this.entries[key] = { given, trace, result };
    this.changed = true;
    return result;
  }

  /** Writes what this run used, where it differs from what was there. */
  save(): void {
    if (!this.changed && Object.keys(this.old).length === Object.keys(this.entries).length) return;
    const body = JSON.stringify(this.entries);
    try {
      mkdirSync(this.dir, { recursive: true });
      const folder = mkdtempSync(join(this.dir, ".load-"));
      try {
        const file = join(folder, NAME);
        writeFileSync(file, `${header(this.fingerprint, body)}\n${body}`, { mode: 0o600 });
        renameSync(file, join(this.dir, NAME));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    } catch {
      // Without a cache everything is read again: slower, and right.
    }
  }
}

/** Of the running code: the name of the build that it stands in, which changes with every source. From source: none. */
export function builtFingerprint(): string | undefined {
  return /\/\.fairway\/build\/([^/]+)\//.exec(import.meta.url)?.[1];
}

const header = (fingerprint: string, body: string): string => `${fingerprint} ${hashOf(body)}`;

function read(file: string, fingerprint: string): Record<string, Entry> {
  try {
    const text = readFileSync(file, "utf8");
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    return text.slice(0, end) === header(fingerprint, body)
      ? (JSON.parse(body) as Record<string, Entry>)
      : {};
  } catch {
    return {};
  }
}
