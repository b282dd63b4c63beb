import { sortProblems } from "../contract/problem.ts";
import type { Workspace } from "../contract/workspace.ts";
import { builtFingerprint, Cache } from "./cache.ts";
import { dependencyProblems } from "./dependencies.ts";
import { clusterProblems, readEnvironments } from "./environments.ts";
import { hashOf, Root, type Trace } from "./files.ts";
import { readFolder } from "./folder.ts";
import { formerNameProblems } from "./former-names.ts";
import type { Found } from "./found.ts";
import { gatherServices } from "./gather.ts";
import { readOwners } from "./owners.ts";
import { lazyPositions } from "./positions.ts";
import type { PropertyOverride } from "./properties.ts";

export interface LoadOptions {
  /** Folder of a cache that spares parsing what did not change; default none. */
  readonly cacheDir?: string;
  /** Of the code that loads: with another one the cache is empty. Default that of the build; run from source there is no cache. */
  readonly fingerprint?: string;
  /** Values over those of Score documents, for this one reading. Default none. */
  readonly properties?: readonly PropertyOverride[];
}

/**
 * Reads a root: `services/`, `environments/` and CODEOWNERS. What a user wrote wrong is in `problems`, all of it at
 * once; only a root that does not exist is thrown.
 */
export async function loadWorkspace(root: string, options: LoadOptions = {}): Promise<Workspace> {
  const files = new Root(root);
  const { cacheDir, fingerprint = builtFingerprint(), properties = [] } = options;
  const cache =
    cacheDir !== undefined && fingerprint !== undefined && properties.length === 0
      ? new Cache(cacheDir, fingerprint)
      : undefined;
  const traces: Trace[] = [];
  const kept = <T>(key: string, given: string, body: () => T): T => {
    const { result, trace } = cache ? cache.result(files, key, given, body) : files.traced(body);
    traces.push(trace);
    return result;
  };

  const found: Found = { problems: [], notes: [] };
  const take = <T extends Found>(part: T): T => {
    found.problems.push(...part.problems);
    found.notes.push(...part.notes);
    return part;
  };
  const { environments } = take(kept("environments", "", () => readEnvironments(files)));
  const names = Object.keys(environments);
  const entries = files.list("services", found.problems);
  const folders = entries
    .filter(({ kind }) => kind === "folder")
    .map(({ name }) => `services/${name}`)
    .map((folder) =>
      take(kept(folder, names.join(), () => readFolder(files, folder, names, properties))),
    );
  cache?.save();

  const positions = lazyPositions(files);
  const owners = files.traced(() => readOwners(files));
  traces.push(owners.trace);
  const services = gatherServices(folders, environments, owners.result, found, positions);
  found.problems.push(
    ...dependencyProblems(
      services,
      new Set(folders.flatMap(({ claimed }) => claimed)),
      names,
      positions,
    ),
    ...formerNameProblems(services, positions),
    ...clusterProblems(Object.values(environments), positions),
  );
  return {
    root: files.path,
    digest: hashOf(JSON.stringify([entries, traces, properties])),
    services,
    environments,
    positions,
    problems: sortProblems(found.problems),
    notes: sortProblems(found.notes),
  };
}
