import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type ProcessId, isAlive } from "../../tools/setup/process.ts";
import { PROJECT } from "./backend.ts";
import { guardStorage } from "./storage.ts";

/** Where a root keeps what is not in Git. */
export const stateFolder = (root: string): string => join(root, ".fairway");

/** Folders of one parallel slot: engines of two slots share none of them. */
export interface Slot {
  readonly folder: string;
  /** Working directory of the engine, with the project file. Stack settings that the engine writes there are thrown away. */
  readonly work: string;
  /** `PULUMI_HOME`: plugins are the user's own. */
  readonly home: string;
  /** A `file://` backend for stacks that have no state yet: preview never writes the team's state. */
  readonly scratch: string;
}

/** Makes the folders of a slot. `plugins` is the user's folder of provider plugins, used where it exists. */
export function openSlot(root: string, owner: ProcessId, plugins: string): Slot {
  const parent = join(stateFolder(root), "work");
  return guardStorage(parent, () => {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    const folder = mkdtempSync(join(parent, `${owner.pid}@${encodeURIComponent(owner.start)}@`));
    const slot = {
      folder,
      work: join(folder, "work"),
      home: join(folder, "home"),
      scratch: join(folder, "scratch"),
    };
    for (const path of [slot.work, slot.home, slot.scratch]) mkdirSync(path);
    writeFileSync(join(slot.work, "Pulumi.yaml"), `name: ${PROJECT}\nruntime: nodejs\n`);
    if (existsSync(plugins)) symlinkSync(plugins, join(slot.home, "plugins"), "dir");
    return slot;
  });
}

export function closeSlot(slot: Slot): void {
  rmSync(slot.folder, { recursive: true, force: true });
}

/** Removes folders whose process ended without doing so itself. */
export function sweepSlots(root: string): void {
  const parent = join(stateFolder(root), "work");
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const [pid = "", start = ""] = name.split("@");
    if (!isAlive({ pid: Number(pid), start: decodeURIComponent(start) }))
      guardStorage(parent, () => rmSync(join(parent, name), { recursive: true, force: true }));
  }
}
