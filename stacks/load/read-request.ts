import { joinPath, splitPath, type Path } from "../contract/path.ts";
import { problem } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";
import {
  API_VERSION,
  requestSpecSchema,
  serviceRequestSchema,
  type RequestSpec,
  type ServiceRequest,
} from "../contract/service-request.ts";
import { sourceOf } from "../contract/source.ts";
import type { Json } from "../contract/value.ts";
import { checkService } from "./check.ts";
import { readCompanion } from "./companion.ts";
import { claimedName, judgedFile, readYaml, wrongKind } from "./document.ts";
import type { Root } from "./files.ts";
import type { FolderFound, FolderService, Found, Locate } from "./found.ts";
import { touches, type Judged } from "./issues.ts";
import { isJsonMap, mergeOver, redirect, takenPaths } from "./merge.ts";
import { judgeRest, type Rest, type StandIns } from "./rest.ts";
import { fromRequest } from "./service-request.ts";
import { choiceOf, didYouMean } from "./suggest.ts";
import { checkTargets } from "./targets.ts";
import type { Yaml } from "./yaml.ts";

const SPEC_STAND_INS: StandIns = [
  [["type"], "worker"],
  [["uses", "*", "type"], "unnamed"],
];

const STAND_INS: StandIns = [
  [["apiVersion"], API_VERSION],
  [["kind"], "ServiceRequest"],
  [["metadata"], { name: "unnamed" }],
  [["metadata", "name"], "unnamed"],
  [["spec"], { type: "worker" }],
  ...SPEC_STAND_INS.map(([path, value]) => [["spec", ...path], value] as const),
];

/** Reads `service.yaml` of a folder. Undefined: there is no model, and problems say why. */
export function readRequest(
  root: Root,
  folder: string,
  environments: readonly string[],
  found: FolderFound,
): FolderService | undefined {
  const file = `${folder}/service.yaml`;
  const yaml = readYaml(root, file, found.problems);
  const unusable = (): undefined => {
    found.claimed.push(claimedName(folder, yaml));
  };
  const rest = yaml && requestOf(yaml, environments, found);
  if (!yaml || !rest) return unusable();
  const { document, judged } = rest;
  const { environments: overrides = {}, ...spec } = document.spec;
  const model = (
    spec: RequestSpec,
    refused: readonly Path[],
    redirected?: (service: Service) => Service["sources"],
  ) => {
    spellings(spec, yaml, found);
    for (const [index, { file: api }] of (spec.provides ?? []).entries())
      if (api !== undefined)
        readCompanion(root, folder, api, ["provides", index, "file"], (code, path, message, hint) =>
          found.problems.push(
            problem(code, message, {
              ...yaml.at(["spec", ...path]),
              path: joinPath(["spec", ...path]),
              ...(hint && { hint }),
            }),
          ),
        );
    const plain = fromRequest(document.metadata, spec, { folder, file });
    const service = redirected ? { ...plain, sources: redirected(plain) } : plain;
    const locate: Locate = (path) => {
      const source = sourceOf(service, path);
      return { ...yaml.at(splitPath(source.path)), path: source.path };
    };
    checkTargets(
      Object.keys(spec.files ?? {}).map((target) => ({
        target,
        at: ["containers", "main", "files", target],
      })),
      (code, path, message, hint) =>
        found.problems.push(
          problem(code, message, { ...locate(joinPath(path)), ...(hint && { hint }) }),
        ),
    );
    checkService(
      service,
      locate,
      (path) => (path[0] === "metadata" ? touches(judged.refused, path) : isRefused(path, refused)),
      found,
    );
    return service;
  };
  const overridden: Record<string, Service> = {};
  for (const environment of Object.keys(overrides)) {
    const prefix = ["spec", "environments", environment];
    const { merged, taken } = mergeIn(yaml, judged, prefix, found);
    if (!merged) continue;
    const service = model(merged.document, merged.judged.refused, ({ sources }) =>
      redirect(sources, taken, "spec", (path) => joinPath([...prefix, ...splitPath(path)])),
    );
    if (merged.whole) overridden[environment] = service;
  }
  const base = model(spec, underSpec(judged.refused));
  if (!rest.whole) return unusable();
  return { name: base.name, file, base, overridden };
}

function requestOf(
  yaml: Yaml,
  environments: readonly string[],
  found: Found,
): Rest<ServiceRequest> | undefined {
  const wrong = wrongKind(yaml, "ServiceRequest");
  if (wrong) {
    found.problems.push(wrong);
    return undefined;
  }
  checkEnvironments(yaml, environments, found);
  return judgeRest(serviceRequestSchema, judgedFile(yaml), [yaml], STAND_INS, found);
}

/** Paths below `spec` as they are called there. */
const underSpec = (paths: readonly Path[]): Path[] =>
  paths.flatMap(([first, ...path]) => (first === undefined || first === "spec" ? [path] : []));

/** Whether what a part of the model is made from was refused: `refused` are paths of the spec. */
function isRefused(path: Path, refused: readonly Path[]): boolean {
  const [part, name] = path;
  switch (part) {
    case "uses":
      // A use is named under `uses`, by a short field, or in a list.
      return [["uses", String(name)], [String(name)], ["queues"], ["topics"]].some((one) =>
        touches(refused, one),
      );
    case "ports":
      return touches(refused, path) || touches(refused, ["port"]);
    default:
      return touches(refused, path);
  }
}

/** Overrides for environments that do not exist. */
function checkEnvironments(yaml: Yaml, environments: readonly string[], found: Found): void {
  for (const environment of Object.keys(mapAt(mapAt(yaml.value, "spec"), "environments"))) {
    if (environments.includes(environment)) continue;
    const path = ["spec", "environments", environment];
    const hint = didYouMean(environment, environments);
    found.problems.push(
      problem("FW1206", `unknown environment ${environment}: expected ${choiceOf(environments)}`, {
        ...yaml.at(path, "key"),
        path: joinPath(path),
        ...(hint && { hint }),
      }),
    );
  }
}

/** The spec with one environment's overrides merged in, judged again as a whole, and the paths taken from them. */
function mergeIn(
  yaml: Yaml,
  judged: Judged,
  prefix: Path,
  found: Found,
): { merged: Rest<RequestSpec> | undefined; taken: string[] } {
  const { environments, ...plain } = mapAt(judged.value, "spec");
  const over = mapAt(environments, String(prefix[2]));
  const taken = takenPaths(plain, over);
  const locate = (path: Path): Path => {
    const dotted = joinPath(path);
    return taken.some((one) => dotted === one || dotted.startsWith(`${one}.`))
      ? [...prefix, ...path]
      : ["spec", ...path];
  };
  const refused = underSpec(judged.refused).flatMap((path) =>
    path[0] !== "environments" ? [path] : path[1] === prefix[2] ? [path.slice(2)] : [],
  );
  const merged = judgeRest(
    requestSpecSchema,
    {
      value: mergeOver(plain, over),
      refused,
      at: (path, place) => ({ ...yaml.at(locate(path), place), path: joinPath(locate(path)) }),
      written: (path) => yaml.written(locate(path)),
    },
    [],
    SPEC_STAND_INS,
    found,
  );
  return { merged, taken };
}

function mapAt(value: Json | undefined, key: string): { readonly [key: string]: Json } {
  const member = isJsonMap(value) ? value[key] : undefined;
  return isJsonMap(member) ? member : {};
}

/** Names of uses that short fields stand for, and other things that can be said twice. */
function spellings(spec: RequestSpec, yaml: Yaml, found: Found): void {
  const say = (path: Path, message: string, hint: string) =>
    found.problems.push(
      problem("FW1216", message, {
        ...yaml.at(["spec", ...path], "key"),
        path: joinPath(["spec", ...path]),
        hint,
      }),
    );
  if (spec.port !== undefined && spec.ports !== undefined)
    say(["port"], "port and ports both say where the service listens", "keep one of the two");
  const taken = new Map<string, string>();
  const take = (name: string, path: Path) => {
    const other = taken.get(name);
    if (other !== undefined)
      say(path, `the resource ${name} is given by ${other} and here`, "rename or drop one of them");
    else taken.set(name, joinPath(path));
  };
  if (spec.database) take("database", ["database"]);
  if (spec.cache) take("cache", ["cache"]);
  for (const [index, name] of (spec.queues ?? []).entries()) take(name, ["queues", index]);
  for (const [index, name] of (spec.topics ?? []).entries()) take(name, ["topics", index]);
  for (const name of Object.keys(spec.uses ?? {})) take(name, ["uses", name]);
}
