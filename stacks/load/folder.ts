import { problem } from "../contract/problem.ts";
import type { ReleaseDocument } from "../contract/release.ts";
import { OVERRIDES_FILE } from "../contract/source.ts";
import { distinct } from "./check.ts";
import { readYaml } from "./document.ts";
import type { Root } from "./files.ts";
import type { FolderFound, FolderService, Found } from "./found.ts";
import { readRelease } from "./releases.ts";
import { readRequest } from "./read-request.ts";
import type { PropertyOverride } from "./properties.ts";
import { readScore } from "./read-score.ts";

/** Everything that one folder says by itself; a function of its files and the environments' names. */
export interface Folder extends FolderFound {
  readonly folder: string;
  readonly services: readonly FolderService[];
  readonly release?: { readonly file: string; readonly document: ReleaseDocument };
}

/** Reads a folder of `services/`. */
export function readFolder(
  root: Root,
  folder: string,
  environments: readonly string[],
  properties: readonly PropertyOverride[] = [],
): Folder {
  const found: FolderFound = { problems: [], notes: [], claimed: [] };
  const names = root
    .list(folder, found.problems)
    .filter(({ kind }) => kind === "file")
    .map(({ name }) => name);
  const scores = names.filter((name) => /^score.*\.yaml$/.test(name));
  const request = names.includes("service.yaml");
  checkNames(folder, names, request, scores, found);
  const services: FolderService[] = [];
  const keep = (service: FolderService | undefined) => service && services.push(service);
  if (request) keep(readRequest(root, folder, environments, found));
  else
    for (const name of scores)
      keep(readScore(root, folder, name, overridesOf(name, names, scores), properties, found));
  const release =
    names.includes("release.yaml") && services.length === (request ? 1 : scores.length)
      ? releaseOf(root, folder, services, environments, found)
      : undefined;
  return {
    folder,
    services,
    ...(release && { release }),
    problems: distinct(found.problems),
    notes: distinct(found.notes),
    claimed: found.claimed,
  };
}

/** Override file of a Score file: `overrides.<its name>`, or `overrides.score.yaml` where it is the only one. */
function overridesOf(
  name: string,
  names: readonly string[],
  scores: readonly string[],
): string | undefined {
  return [`overrides.${name}`, ...(scores.length === 1 ? [OVERRIDES_FILE] : [])].find((file) =>
    names.includes(file),
  );
}

/** Which descriptors a folder holds: one service.yaml, or score files. */
function checkNames(
  folder: string,
  names: readonly string[],
  request: boolean,
  scores: readonly string[],
  found: Found,
): void {
  const at = (name: string) => ({ file: `${folder}/${name}`, line: 1, column: 1 });
  if (request && scores[0] !== undefined)
    found.problems.push(
      problem(
        "FW1201",
        `the folder holds service.yaml and ${scores.join(", ")}: expected one kind`,
        {
          ...at(scores[0]),
          hint: "move one of them to a folder of its own",
        },
      ),
    );
  const used = new Set(scores.map((name) => overridesOf(name, names, scores)));
  for (const name of names)
    if (scores.length > 0 && /^overrides\.score.*\.yaml$/.test(name) && !used.has(name))
      found.problems.push(
        problem("FW1301", `${name} fits no Score file: the folder holds ${scores.join(", ")}`, {
          ...at(name),
          hint: `name it overrides.${scores[0]}`,
        }),
      );
  if (request || scores.length > 0) return;
  const near = names.find((name) => /^(service|score.*|platform-request)\.ya?ml$/.test(name));
  if (near)
    found.problems.push(
      problem(
        "FW1202",
        `${near} is not the name of a descriptor: expected service.yaml or score.yaml`,
        {
          ...at(near),
          hint: `name it ${near.startsWith("score") ? near.replace(/\.yml$/, ".yaml") : "service.yaml"}`,
        },
      ),
    );
  else
    found.notes.push(
      problem("FW1202", `${folder} holds no descriptor: expected service.yaml or score.yaml`, {
        file: folder,
      }),
    );
}

function releaseOf(
  root: Root,
  folder: string,
  services: readonly FolderService[],
  environments: readonly string[],
  found: Found,
): Folder["release"] {
  const file = `${folder}/release.yaml`;
  const yaml = readYaml(root, file, found.problems);
  if (!yaml) return undefined;
  const containers = new Map(
    services.map(({ name, base }) => [name, Object.keys(base.containers)] as const),
  );
  const document = readRelease(yaml, { services: containers, environments }, found);
  return document && { file, document };
}
