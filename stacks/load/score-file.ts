import path from "node:path";
import { stringify } from "yaml";
import type { Positions } from "../contract/origin.ts";
import { joinPath, type Path } from "../contract/path.ts";
import type { Problem } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";
import { serviceRequestSchema, type ServiceRequest } from "../contract/service-request.ts";
import { sourceOf } from "../contract/source.ts";
import { judgedFile } from "./document.ts";
import { Root } from "./files.ts";
import type { FolderFound } from "./found.ts";
import { problemsOf } from "./issues.ts";
import { lazyPositions } from "./positions.ts";
import { readScore } from "./read-score.ts";
import { parseYaml } from "./yaml.ts";

/** A Score document that stands anywhere; its file is named everywhere as it was given. */
export interface ScoreFileRead {
  readonly service?: Service;
  readonly positions: Positions;
  readonly problems: readonly Problem[];
  readonly notes: readonly Problem[];
}

/** Reads a Score document that stands anywhere; files that it names are read beside it. */
export function readScoreFile(file: string): ScoreFileRead {
  const found: FolderFound = { problems: [], notes: [], claimed: [] };
  const root = new Root(path.dirname(path.resolve(file)));
  const name = path.basename(file);
  const read = readScore(root, ".", name, undefined, [], found);
  const inside = lazyPositions(root);
  return {
    ...(read && { service: { ...read.base, file } }),
    positions: {
      at: (_, at) => {
        const position = inside.at(name, at);
        return position && { ...position, file };
      },
    },
    problems: found.problems.map((one) => ({ ...withoutPlace(one), file })),
    notes: found.notes.map((one) => ({ ...one, file })),
  };
}

/** What has another name in a folder of services needs none where it was named itself. */
const withoutPlace = (found: Problem): Problem =>
  found.code === "FW1105" && found.path === "kind"
    ? {
        ...found,
        message: "this is a ServiceRequest already",
        hint: "keep it as it is, in services/<name>/service.yaml",
      }
    : found;

/** What the schema refuses of a ServiceRequest that was made of a service, at the places that it was made of. */
export function refusedOf(
  document: ServiceRequest,
  service: Service,
  positions: Positions,
): Problem[] {
  const { error } = serviceRequestSchema.safeParse(document);
  if (!error) return [];
  const at = (request: Path) => {
    // Without `metadata` or `spec` a path is nearly one of the model.
    const source = sourceOf(service, joinPath(request.slice(1)));
    const { line = 1, column = 1 } = positions.at(source.file, source.path) ?? {};
    return { ...source, line, column };
  };
  const judged = { ...judgedFile(parseYaml(service.file, stringify(document))), at };
  return problemsOf(error.issues, serviceRequestSchema, judged).map((found) => ({
    ...found,
    message: `as a ServiceRequest: ${found.message}`,
  }));
}
