import path from "node:path";
import type { Problem } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";
import { Root } from "./files.ts";
import type { FolderFound } from "./found.ts";
import { readScore } from "./read-score.ts";

/** Reads a Score document that stands anywhere; files that it names are read beside it. */
export function readScoreFile(file: string): {
  readonly service?: Service;
  readonly problems: readonly Problem[];
} {
  const found: FolderFound = { problems: [], notes: [], claimed: [] };
  const folder = path.dirname(path.resolve(file));
  const read = readScore(new Root(folder), ".", path.basename(file), undefined, [], found);
  return { ...(read && { service: read.base }), problems: found.problems };
}
