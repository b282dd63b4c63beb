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

/** Name of an entry → its source, relative to the checkout. */
export const ENTRIES: Readonly<Record<EntryName, string>>;

/** The checkout cannot be run as it is; the message says which command mends it. */
export class NotReady extends Error {}

/**
 * The absolute path of a built entry (an ES module). From within a build it is that of the same build; else the
 * sources are compared with what was built last and built again where they differ.
 * @throws NotReady
 */
export function entry(name: EntryName): string;

/** The folder of the build that fits the sources of a checkout, built now where there is none. */
export function current(root: string): string;

/** Changes when a source, the lockfile or what is installed changes. */
export function fingerprint(root: string): string;
