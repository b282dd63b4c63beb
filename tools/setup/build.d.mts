/** What may be started. */
export type EntryName =
  | "cli"
  | "worker"
  | "carrier"
  | "program"
  | "pack"
  | "setup"
  | "bench"
  | "generate";

/** The checkout cannot be run as it is; the message says which command mends it. */
export class NotReady extends Error {}

/**
 * The absolute path of a built entry (an ES module). From within a build it is that of the same build; else the
 * sources are compared with what was built last and built again where they differ.
 * @throws NotReady
 */
export function entry(name: EntryName): string;

/** Changes when a source, the lockfile or what is installed changes. */
export function fingerprint(root: string): string;
