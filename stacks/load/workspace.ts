import type { Environment } from "../contract/environment.ts";
import { sortProblems } from "../contract/problem.ts";
import type { Workspace } from "../contract/workspace.ts";
import { dependencyProblems } from "./dependencies.ts";
import { namespaceProblems, readEnvironments } from "./environments.ts";
import { Root } from "./files.ts";
import { readFolder } from "./folder.ts";
import type { Found } from "./found.ts";
import { gatherServices } from "./gather.ts";
import { readOwners } from "./owners.ts";
import { lazyPositions } from "./positions.ts";

export interface LoadOptions {
  /** Folder of a cache that spares re-reading what did not change; default none. */
  readonly cacheDir?: string;
  /** Of the code that loads: another one finds an empty cache. */
  readonly fingerprint?: string;
}

/**
 * Reads a root: `services/`, `environments/` and CODEOWNERS. What a user wrote wrong is in `problems`, all of it at
 * once; only a root that does not exist is thrown.
 */
export async function loadWorkspace(root: string, options: LoadOptions = {}): Promise<Workspace> {
  void options;
  const files = new Root(root);
  const found: Found = { problems: [], notes: [] };
  const environments = readEnvironments(files, found);
  const names = Object.keys(environments);
  const folders = files
    .list("services", found.problems)
    .filter(({ kind }) => kind === "folder")
    .map(({ name }) => readFolder(files, `services/${name}`, names));
  for (const folder of folders) {
    found.problems.push(...folder.problems);
    found.notes.push(...folder.notes);
  }
  const positions = lazyPositions(files);
  const services = gatherServices(folders, environments, readOwners(files), found, positions);
  found.problems.push(
    ...dependencyProblems(services, names, positions),
    ...namespaceProblems(
      Object.values(environments),
      Object.keys(services),
      ({ file }: Environment) => positions.at(file, "spec.namespace") ?? { file },
    ),
  );
  return {
    root: files.path,
    services,
    environments,
    positions,
    problems: sortProblems(found.problems),
    notes: sortProblems(found.notes),
  };
}
