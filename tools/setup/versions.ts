import versions from "./versions.json" with { type: "json" };

/** A tool built from a pinned Go module of ours. */
export interface GoTool {
  /** As shown to a reader. */
  readonly title: string;
  readonly version: string;
  /** Folder of its go.mod, relative to the checkout. */
  readonly module: string;
  /** Name of the binary → import path of its main package. */
  readonly packages: Readonly<Record<string, string>>;
  /** Linker flags besides `-s -w`. */
  readonly ldflags: string;
  /** About how long the first build takes on two cores. */
  readonly minutes: number;
  /** How to do without it, where that is possible: the end of a sentence. */
  readonly without?: string;
  /** What its go.mod must say (proven by a test). */
  readonly pins: Readonly<Record<string, string>>;
}

/** Name of a Go tool. */
export type GoToolName = keyof (typeof versions)["go-tools"];

/** Every tool that is built with Go. */
export const GO_TOOLS: Readonly<Record<GoToolName, GoTool>> = versions["go-tools"];

/** A tool that comes as a Python wheel. */
interface PythonTool {
  readonly title: string;
  readonly version: string;
  /** Name of its program. */
  readonly bin: string;
  /** File with the pinned version and the digests of its wheels, relative to the checkout. */
  readonly requirements: string;
}

/** Every tool that comes as a Python wheel. */
export const PYTHON_TOOLS: Readonly<Record<keyof (typeof versions)["python-tools"], PythonTool>> =
  versions["python-tools"];

/** A server of the Debian archive, for the proofs of drivers. Its version is the archive's. */
export interface DebianServer {
  readonly title: string;
  /** Fetched with what they depend on and this machine lacks. */
  readonly packages: readonly string[];
  /** Programs that must be there. */
  readonly bin: readonly string[];
  /** Folders of the programs below the root of a file system; one `*` stands for any name. */
  readonly folders: readonly string[];
  /** Program and arguments that print the version. */
  readonly asked: readonly string[];
}

/** Name of a server of the Debian archive. */
export type DebianServerName = keyof (typeof versions)["debian-servers"];

/** Every server that comes from the Debian archive. */
export const DEBIAN_SERVERS: Readonly<Record<DebianServerName, DebianServer>> =
  versions["debian-servers"];

/** Oldest Node and Go that do. */
export const NEEDS = { node: versions.node, go: versions.go } as const;
