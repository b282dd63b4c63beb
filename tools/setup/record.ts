import { createHash } from "node:crypto";
import { createReadStream, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What was found of a file when its tool was made. */
interface FileRecord {
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

/** `record.json` beside a tool's files: what they must be. */
interface ToolRecord {
  readonly version: string;
  readonly files: Readonly<Record<string, FileRecord>>;
}

const recordPath = (folder: string): string => join(folder, "record.json");

async function digest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function write(folder: string, record: ToolRecord): void {
  const draft = `${recordPath(folder)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(draft, recordPath(folder));
}

/** Records size, time and digest of the named files of a folder. */
export async function writeRecord(
  folder: string,
  version: string,
  names: readonly string[],
): Promise<void> {
  const files: Record<string, FileRecord> = {};
  for (const name of names) {
    const { size, mtimeMs } = statSync(join(folder, name));
    files[name] = { size, mtimeMs, sha256: await digest(join(folder, name)) };
  }
  write(folder, { version, files });
}

/**
 * Whether every recorded file is still the one that was recorded, and which version it is; undefined where anything lacks or differs.
 * Costs a stat a file; a file is hashed again only where its size or time differ.
 */
export async function checkRecord(
  folder: string,
  names: readonly string[],
): Promise<string | undefined> {
  let record: ToolRecord;
  try {
    record = JSON.parse(readFileSync(recordPath(folder), "utf8")) as ToolRecord;
  } catch {
    return undefined;
  }
  const moved: Record<string, FileRecord> = {};
  for (const name of names) {
    const known = record.files[name];
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!known || !stat || stat.size !== known.size) return undefined;
    if (stat.mtimeMs === known.mtimeMs) continue;
    if ((await digest(path)) !== known.sha256) return undefined;
    moved[name] = { ...known, mtimeMs: stat.mtimeMs };
  }
  if (Object.keys(moved).length > 0)
    write(folder, { ...record, files: { ...record.files, ...moved } });
  return record.version;
}
