import { joinPath, splitPath, type Path } from "../contract/path.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { ReleaseDocument } from "../contract/release.ts";
import type { Service } from "../contract/service.ts";
import { requestSpecSchema, serviceRequestSchema } from "../contract/service-request.ts";
import { judge, judgedFile, readYaml, wrongKind } from "./document.ts";
import type { Root } from "./files.ts";
import { isJsonMap, mergeOver, redirect, takenPaths } from "./merge.ts";
import { readRelease } from "./releases.ts";
import { fromRequest } from "./service-request.ts";
import { didYouMean, listOf } from "./suggest.ts";
import type { Yaml } from "./yaml.ts";

/** Problems and notes in the order in which they are found. */
export interface Found {
  readonly problems: Problem[];
  readonly notes: Problem[];
}

/** One descriptor: its model, and the model of each environment that has overrides. */
export interface FolderService {
  readonly name: string;
  readonly file: string;
  readonly base: Service;
  readonly overridden: Readonly<Record<string, Service>>;
}

/** Everything that one folder says by itself; a function of the folder's files and the environments' names. */
export interface Folder extends Found {
  readonly folder: string;
  readonly services: readonly FolderService[];
  readonly release?: { readonly file: string; readonly document: ReleaseDocument };
}

/** Reads a folder of `services/`. */
export function readFolder(root: Root, folder: string, environments: readonly string[]): Folder {
  const found: Found = { problems: [], notes: [] };
  const names = root
    .list(folder, found.problems)
    .filter(({ kind }) => kind === "file")
    .map(({ name }) => name);
  const services: FolderService[] = [];
  if (names.includes("service.yaml")) {
    const service = readRequest(root, folder, environments, found);
    if (service) services.push(service);
  }
  const release = releaseOf(root, folder, names, services, environments, found);
  return { folder, services, ...(release && { release }), ...found };
}

function releaseOf(
  root: Root,
  folder: string,
  names: readonly string[],
  services: readonly FolderService[],
  environments: readonly string[],
  found: Found,
): Folder["release"] {
  if (!names.includes("release.yaml")) return undefined;
  const file = `${folder}/release.yaml`;
  const yaml = readYaml(root, file, found.problems);
  if (!yaml) return undefined;
  const containers = new Map(
    services.map(({ name, base }) => [name, Object.keys(base.containers)] as const),
  );
  const document = readRelease(yaml, { services: containers, environments }, found);
  return document && { file, document };
}

function readRequest(
  root: Root,
  folder: string,
  environments: readonly string[],
  found: Found,
): FolderService | undefined {
  const file = `${folder}/service.yaml`;
  const yaml = readYaml(root, file, found.problems);
  if (!yaml) return undefined;
  const wrong = wrongKind(yaml, "ServiceRequest");
  if (wrong) {
    found.problems.push(wrong);
    return undefined;
  }
  const document = judge(serviceRequestSchema, judgedFile(yaml), [yaml], found);
  if (!document) return undefined;
  const { environments: overrides = {}, ...spec } = document.spec;
  const place = { folder, file };
  const overridden: Record<string, Service> = {};
  for (const environment of Object.keys(overrides)) {
    const prefix = ["spec", "environments", environment];
    if (!environments.includes(environment)) {
      found.problems.push(
        problem("FW1206", `unknown environment ${environment}: expected ${listOf(environments)}`, {
          ...yaml.at(prefix, "key"),
          path: joinPath(prefix),
          hint: didYouMean(environment, environments),
        }),
      );
      continue;
    }
    const service = inEnvironment(yaml, document, prefix, found);
    if (service) overridden[environment] = service;
  }
  return {
    name: document.metadata.name,
    file,
    base: fromRequest(document.metadata, spec, place),
    overridden,
  };

  /** The model with one environment's overrides merged in; the merged spec is judged again as a whole. */
  function inEnvironment(
    yaml: Yaml,
    { metadata }: { metadata: Parameters<typeof fromRequest>[0] },
    prefix: Path,
    found: Found,
  ): Service | undefined {
    const raw = yaml.value;
    const base = isJsonMap(raw) && isJsonMap(raw["spec"]) ? raw["spec"] : {};
    const all = isJsonMap(base["environments"]) ? base["environments"] : {};
    const over = all[String(prefix[2])] ?? {};
    const { environments: _, ...plain } = base;
    const merged = mergeOver(plain, isJsonMap(over) ? over : {});
    const taken = takenPaths(plain, over);
    const locate = (path: Path): Path => {
      const dotted = joinPath(path);
      return taken.some((one) => dotted === one || dotted.startsWith(`${one}.`))
        ? [...prefix, ...path]
        : ["spec", ...path];
    };
    const value = judge(
      requestSpecSchema,
      {
        value: merged,
        at: (path, place) => ({
          ...yaml.at(locate(path), place),
          path: joinPath(locate(path)),
        }),
        written: (path) => yaml.written(locate(path)),
      },
      [],
      found,
    );
    if (!value) return undefined;
    const service = fromRequest(metadata, value, place);
    return {
      ...service,
      sources: redirect(service.sources, taken, "spec", (path) =>
        joinPath([...prefix, ...splitPath(path)]),
      ),
    };
  }
}
