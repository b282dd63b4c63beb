import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { backupFolder, historyFolder } from "./backend.ts";
import { stateFolder } from "./folder.ts";

/** Keeps the newest runs: names begin with their time. */
export function pruneRuns(root: string, keep: number): void {
  pruneFolder(join(stateFolder(root), "runs"), keep, (name) => name);
}

/** Keeps the newest updates of a stack in a `file://` backend: the engine itself keeps three copies of the state of each, for ever. */
export function pruneHistory(folder: string, stack: string, keep: number): void {
  const stamp = (name: string): string => /(\d{10,})\./.exec(name)?.[1] ?? "";
  for (const path of [historyFolder(folder, stack), backupFolder(folder, stack)])
    pruneFolder(path, keep, stamp);
}

/** Removes all but the newest `keep` groups of entries; entries without a stamp stay. */
function pruneFolder(path: string, keep: number, stampOf: (name: string) => string): void {
  if (!existsSync(path)) return;
  const names = readdirSync(path);
  const stamps = [...new Set(names.map(stampOf))].filter(Boolean).sort().toReversed();
  const old = new Set(stamps.slice(keep));
  for (const name of names)
    if (old.has(stampOf(name))) rmSync(join(path, name), { recursive: true, force: true });
}
