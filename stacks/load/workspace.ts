import type { Environment } from "../contract/environment.ts";
import { problem, sortProblems } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";
import type { LoadedService, Workspace } from "../contract/workspace.ts";
import { namespaceProblems, readEnvironments } from "./environments.ts";
import { Root } from "./files.ts";
import { readFolder, type Folder, type Found } from "./folder.ts";
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
  const services = gather(folders, names, found, positions);
  found.problems.push(
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

/** Services by name, sorted; of two with one name the first folder's counts. */
function gather(
  folders: readonly Folder[],
  environments: readonly string[],
  found: Found,
  positions: Workspace["positions"],
): Record<string, LoadedService> {
  const services = new Map<string, LoadedService>();
  for (const { folder, services: own, release } of folders)
    for (const { name, file, base, overridden } of own) {
      const other = services.get(name);
      if (other) {
        found.problems.push(
          problem("FW1203", `the name ${name} is taken by ${other.file}`, {
            file,
            ...positions.at(file, "metadata.name"),
            path: "metadata.name",
            hint: "rename one of the two",
          }),
        );
        continue;
      }
      const document = release?.document.services[name];
      services.set(name, {
        name,
        folder,
        file,
        in: Object.fromEntries(
          environments.map((environment): [string, Service] => [
            environment,
            overridden[environment] ?? base,
          ]),
        ),
        ...(release && document && { release: { file: release.file, document } }),
      });
    }
  return Object.fromEntries([...services].sort(([a], [b]) => (a < b ? -1 : 1)));
}
