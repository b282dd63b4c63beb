import { parsePlaceholders, type Placeholder } from "../contract/placeholder.ts";
import type { Path } from "../contract/path.ts";
import type { Service } from "../contract/service.ts";
import type { Json } from "../contract/value.ts";
import type { Say } from "./check.ts";
import { cyclesOf } from "../contract/cycles.ts";
import type { IsRefused } from "./found.ts";
import { isJsonMap } from "./merge.ts";
import { choiceOf, didYouMean } from "./suggest.ts";

/** Every text of a model in which placeholders are expanded, with its path. */
function* expandedTexts(service: Service): Generator<readonly [Path, string]> {
  for (const [name, container] of Object.entries(service.containers)) {
    const at = ["containers", name];
    for (const [variable, text] of Object.entries(container.variables))
      yield [[...at, "variables", variable], text];
    for (const [target, file] of Object.entries(container.files))
      if (file.expand) yield [[...at, "files", target, "content"], file.content];
    for (const [target, volume] of Object.entries(container.volumes))
      yield [[...at, "volumes", target, "source"], volume.source];
  }
  for (const [name, use] of Object.entries(service.uses))
    yield* textsOf(["uses", name, "params"], use.params);
  for (const [index, { host }] of service.routes.entries())
    if (host !== undefined) yield [["routes", index, "host"], host];
}

function* textsOf(path: Path, value: Json): Generator<readonly [Path, string]> {
  if (typeof value === "string") yield [path, value];
  else if (Array.isArray(value))
    for (const [index, item] of (value as readonly Json[]).entries())
      yield* textsOf([...path, index], item);
  else if (isJsonMap(value))
    for (const [key, member] of Object.entries(value)) yield* textsOf([...path, key], member);
}

/** Placeholders that cannot be read, name nothing, or go in a circle. */
export function checkPlaceholders(
  service: Service,
  isRefused: IsRefused,
  say: Say,
  note: Say,
): void {
  const needs = new Map(Object.keys(service.uses).map((name) => [name, new Set<string>()]));
  for (const [path, text] of expandedTexts(service)) {
    if (!text.includes("$")) continue;
    const { parts, errors } = parsePlaceholders(text);
    for (const { message, hint } of errors ?? []) say("FW1207", path, message, hint);
    if (/\$\{[^}]*$/.test(text.replaceAll("$$", "")))
      note("FW1218", path, "a ${ that is never closed is plain text", "close it with }");
    for (const part of parts ?? []) {
      if (typeof part === "string") continue;
      lookUp(service, part, path, isRefused, say);
      if (path[0] === "uses" && part.path[0] === "resources")
        needs.get(String(path[1]))?.add(part.path[1]);
    }
  }
  for (const cycle of cyclesOf(new Map([...needs].map(([name, to]) => [name, [...to]]))))
    say(
      "FW1211",
      ["uses", cycle[0] ?? "", "params"],
      `the resources refer to each other: ${cycle.join(" → ")}`,
    );
}

function lookUp(
  service: Service,
  { path: [root, ...keys] }: Placeholder,
  at: Path,
  isRefused: IsRefused,
  say: Say,
): void {
  if (root === "resources") {
    const [name = ""] = keys;
    const known = Object.keys(service.uses);
    if (!known.includes(name) && !isRefused(["uses", name]))
      say(
        "FW1208",
        at,
        `no resource ${JSON.stringify(name)}: expected ${choiceOf(known)}`,
        didYouMean(name, known),
      );
    return;
  }
  let value: Json | undefined = service.metadata;
  for (const [index, key] of keys.entries()) {
    if (!isJsonMap(value) || !Object.hasOwn(value, key)) {
      if (isRefused(["metadata", ...keys.slice(0, index + 1)])) return;
      const known = isJsonMap(value) ? Object.keys(value) : [];
      const parent = ["metadata", ...keys.slice(0, index)].join(".");
      say(
        "FW1208",
        at,
        `no key ${JSON.stringify(key)} in ${parent}: expected ${choiceOf(known)}`,
        didYouMean(key, known),
      );
      return;
    }
    value = value[key];
  }
}
