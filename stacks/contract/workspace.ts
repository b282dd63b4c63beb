import type { Environment } from "./environment.ts";
import type { Positions } from "./origin.ts";
import type { Problem } from "./problem.ts";
import type { ReleaseDocument } from "./release.ts";
import type { Service } from "./service.ts";

/** A descriptor, normalised once for every environment of the workspace. */
export interface LoadedService {
  readonly name: string;
  readonly folder: string;
  /** The descriptor, relative to the root. */
  readonly file: string;
  /** Environment → model. Models without per-environment overrides are one object. */
  readonly in: Readonly<Record<string, Service>>;
  /** The folder's release file, where there is one. */
  readonly release?: {
    readonly file: string;
    readonly document: ReleaseDocument["services"][string];
  };
}

/** Everything that a root holds, read and checked. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  /** Of everything that was read: the same digest, the same workspace. Absent where it was not read from files. */
  readonly digest?: string;
  /** By name, sorted. */
  readonly services: Readonly<Record<string, LoadedService>>;
  /** By name, sorted by promotion order: local, dev, staging, prod, others. */
  readonly environments: Readonly<Record<string, Environment>>;
  readonly positions: Positions;
  /** Everything wrong, sorted. A workspace with problems is not planned. */
  readonly problems: readonly Problem[];
  /** Worth saying, not wrong. */
  readonly notes: readonly Problem[];
}
