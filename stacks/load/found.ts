import type { Path } from "../contract/path.ts";
import type { Problem } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";

/** Problems and notes in the order in which they are found. */
export interface Found {
  readonly problems: Problem[];
  readonly notes: Problem[];
}

/** What reading a folder finds. */
export interface FolderFound extends Found {
  /** Names of services whose descriptor is too wrong for a model. */
  readonly claimed: string[];
}

/** One descriptor: its model, and the model of each environment that has overrides. */
export interface FolderService {
  readonly name: string;
  readonly file: string;
  readonly base: Service;
  readonly overridden: Readonly<Record<string, Service>>;
}

/** Whether a part of a model is not what was written, because that was refused: nothing follows from its being absent. */
export type IsRefused = (modelPath: Path) => boolean;

/** Where a model path stands: file, line, column and the dotted path in that file. */
export type Locate = (modelPath: string) => Partial<Problem>;
