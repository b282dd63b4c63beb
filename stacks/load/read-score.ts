import { joinPath, splitPath, type Path } from "../contract/path.ts";
import { problem } from "../contract/problem.ts";
import {
  SCORE_API_VERSION,
  scoreSchema,
  type ScoreContainer,
  type ScoreDocument,
} from "../contract/score.ts";
import type { ContainerFile } from "../contract/service.ts";
import { OVERRIDE_FLAG, sourceOf } from "../contract/source.ts";
import type { Code } from "../contract/codes.ts";
import { WAS, checkAnnotations, wasIn } from "./annotations.ts";
import { checkService } from "./check.ts";
import { claimedName, readYaml, wrongKind } from "./document.ts";
import { readCompanion, type SayAt } from "./companion.ts";
import { isText, type Root } from "./files.ts";
import type { FolderFound, FolderService, Found, Locate } from "./found.ts";
import { touches, valueAt } from "./issues.ts";
import { isJsonMap, mergeOver, redirect, takenPaths } from "./merge.ts";
import { overrideProperties, type PropertyOverride } from "./properties.ts";
import { judgeRest, type StandIns } from "./rest.ts";
import { entries, filesOf, fromScore, type Contents, type Keyed } from "./score.ts";
import { given } from "./service-request.ts";
import { checkTargets, type Mount } from "./targets.ts";
import type { Place, Yaml } from "./yaml.ts";

const STAND_INS: StandIns = [
  [["apiVersion"], SCORE_API_VERSION],
  [["metadata"], { name: "unnamed" }],
  [["metadata", "name"], "unnamed"],
  [["containers"], { unnamed: { image: "." } }],
  [["containers", "*", "image"], "."],
  [["resources", "*", "type"], "unnamed"],
];

/**
 * Reads a `score*.yaml`, with its override file merged over it, and over both the properties of the command line.
 * @param overrides Name of the override file; absent: none.
 */
export function readScore(
  root: Root,
  folder: string,
  name: string,
  overrides: string | undefined,
  properties: readonly PropertyOverride[],
  found: FolderFound,
): FolderService | undefined {
  const unusable = (): undefined => {
    found.claimed.push(claimedName(folder, main));
  };
  const file = `${folder}/${name}`;
  const main = readYaml(root, file, found.problems);
  const over =
    overrides === undefined ? undefined : readYaml(root, `${folder}/${overrides}`, found.problems);
  if (!main) return unusable();
  const wrong = wrongKind(main, "Score");
  if (wrong) {
    found.problems.push(wrong);
    return unusable();
  }
  const merged = mergeFiles(main, over, found);
  const own = properties.filter(({ service }) => service === claimedName(folder, main));
  const flags = overrideProperties(merged.value ?? null, own);
  found.problems.push(...flags.problems);
  const value = own.length > 0 ? flags.value : merged.value;
  const isTaken = (taken: readonly string[], dotted: string): boolean =>
    taken.some((one) => dotted === one || dotted.startsWith(`${one}.`));
  const isGone = (path: Path): boolean => valueAt(value, path) === undefined;
  const deleted = own
    .filter((one) => one.value === undefined && isGone(one.path))
    .map(({ path }) => path);
  const flagged = [...flags.taken, ...deleted.map(joinPath)];
  const whereOf = (dotted: string): "flag" | "over" | "main" =>
    isTaken(flagged, dotted) ? "flag" : over && isTaken(merged.taken, dotted) ? "over" : "main";
  const at = (path: Path, place?: Place) => {
    const dotted = joinPath(path);
    const where = whereOf(dotted);
    return {
      ...(where === "flag"
        ? { file: OVERRIDE_FLAG, line: 1, column: 1 }
        : (where === "over" && over ? over : main).at(path, place)),
      path: dotted,
    };
  };
  const written = (path: Path): string | undefined => {
    const where = whereOf(joinPath(path));
    return where === "flag" ? undefined : (where === "over" && over ? over : main).written(path);
  };
  const files = over ? [main, over] : [main];
  const refused = files.flatMap(({ elsewhere }) => elsewhere);
  const removed = [...deleted, ...merged.taken.map((taken) => splitPath(taken)).filter(isGone)];
  const rest = judgeRest(
    scoreSchema,
    { value, refused, removed, at, written },
    files,
    STAND_INS,
    found,
  );
  if (!rest) return unusable();
  const { document, judged } = rest;
  const isRefused = (path: Path): boolean => touches(judged.refused, path);
  const say = (code: Code, path: Path, message: string, hint?: string) =>
    found.problems.push(
      problem(code, message, {
        ...at(path, code === "FW1101" ? "key" : "value"),
        ...(hint && { hint }),
      }),
    );
  checkAnnotations(document.metadata.annotations ?? {}, (code, key, message, hint) =>
    say(code, ["metadata", "annotations", key], message, hint),
  );
  for (const [name, { metadata }] of Object.entries(document.resources ?? {})) {
    const was = metadata?.annotations?.[WAS];
    if (was !== undefined && wasIn(was) === undefined)
      say(
        "FW1304",
        ["resources", name, "metadata", "annotations", WAS],
        `${WAS} is ${JSON.stringify(was.slice(0, 60))}: expected names with commas in between, the oldest first`,
      );
  }
  for (const [name, container] of Object.entries(document.containers))
    checkTargets(mountsOf(name, container, isRefused, say), say);
  checkOwner(document, say);
  const contents = readContents(root, folder, document, say);
  const plain = fromScore(document, { folder, file }, contents);
  const service = {
    ...plain,
    sources: redirect(plain.sources, [...flags.taken, ...merged.taken], "", (path) =>
      whereOf(path) === "flag" ? `${OVERRIDE_FLAG}#${path}` : `${overrides}#${path}`,
    ),
  };
  const locate: Locate = (path) => {
    const source = sourceOf(service, path);
    if (source.file === OVERRIDE_FLAG) return { ...source, line: 1, column: 1 };
    const yaml = source.file === over?.file ? over : main;
    return { ...yaml.at(splitPath(source.path)), path: source.path };
  };
  // Type and schedule are annotations, and elsewhere a model is laid out as the document is.
  const isRefusedIn = (path: Path): boolean =>
    path[0] === "type" || path[0] === "schedule"
      ? isRefused(["metadata", "annotations"])
      : isRefused(splitPath(sourceOf(plain, joinPath(path)).path));
  checkService(service, locate, isRefusedIn, found);
  if (!rest.whole) return unusable();
  return { name: service.name, file, base: service, overridden: {} };
}

function mergeFiles(main: Yaml, over: Yaml | undefined, found: Found) {
  if (!over) return { value: main.value, taken: [] };
  if (!isJsonMap(over.value) || !isJsonMap(main.value)) {
    if (!isJsonMap(over.value))
      found.problems.push(
        problem("FW1103", "the document is no map: expected a map of fields", over.at([])),
      );
    return { value: main.value, taken: [] };
  }
  return {
    value: mergeOver(main.value, over.value),
    taken: takenPaths(main.value, over.value),
  };
}

/** Files and volumes of a container; entries of the list forms without a target are reported. */
function mountsOf(
  name: string,
  container: ScoreContainer,
  isRefused: (path: Path) => boolean,
  say: SayAt,
): Mount[] {
  return (["files", "volumes"] as const).flatMap((kind) =>
    entries<{ readonly target?: string; readonly path?: string }>(
      container[kind] as Keyed<object>,
    ).flatMap(([key, entry]): Mount[] => {
      const path = ["containers", name, kind, key];
      const at = typeof key === "string" ? path : [...path, "target"];
      const target = typeof key === "string" ? key : entry.target;
      if (target === undefined) {
        if (!isRefused(at)) say("FW1303", path, "target is missing: expected a path", "add target");
        return [];
      }
      const subPath =
        entry.path === undefined ? undefined : { text: entry.path, at: [...path, "path"] };
      return [{ target, at, subPath }];
    }),
  );
}

function checkOwner({ metadata }: ScoreDocument, say: SayAt): void {
  const owner = metadata["owner"];
  if (owner !== undefined && (typeof owner !== "string" || owner === "" || owner.length > 100))
    say("FW1104", ["metadata", "owner"], "owner is not the name of a team", "write owner: <team>");
}

/** Contents of all files, by path in the document; sources are read relative to the folder. */
function readContents(
  root: Root,
  folder: string,
  { containers }: ScoreDocument,
  say: SayAt,
): Contents {
  const contents = new Map<string, ContainerFile>();
  for (const [name, container] of Object.entries(containers))
    for (const { path, file } of filesOf(name, container)) {
      const content = contentOf(root, folder, path, file, say);
      if (content)
        contents.set(joinPath(path), {
          ...given({ mode: file["mode"] as string | undefined }),
          ...content,
        });
    }
  return contents;
}

function contentOf(
  root: Root,
  folder: string,
  path: Path,
  file: Readonly<Record<string, unknown>>,
  say: SayAt,
): Omit<ContainerFile, "mode"> | undefined {
  const { content, binaryContent, source, noExpand } = file;
  const expand = noExpand !== true;
  if (typeof content === "string") return { content, encoding: "text", expand };
  if (typeof binaryContent === "string") {
    const base64 = binaryContent.replace(/\s/g, "");
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64)) {
      say("FW1305", [...path, "binaryContent"], "binaryContent is not base64");
      return undefined;
    }
    return { content: base64, encoding: "binary", expand: false };
  }
  const bytes = readCompanion(root, folder, String(source), [...path, "source"], say);
  if (!bytes) return undefined;
  return isText(bytes)
    ? { content: bytes.toString("utf8"), encoding: "text", expand }
    : { content: bytes.toString("base64"), encoding: "binary", expand: false };
}
