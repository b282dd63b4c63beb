import { joinPath, splitPath, type Path } from "../contract/path.ts";
import { FairwayError, problem, type Problem } from "../contract/problem.ts";
import { OVERRIDE_FLAG } from "../contract/source.ts";
import type { Json } from "../contract/value.ts";
import { isJsonMap } from "./merge.ts";
import { parseYaml } from "./yaml.ts";

/** One `--override-property`: a value for one path of a Score document. */
export interface PropertyOverride {
  /** Name of the document's workload. */
  readonly service: string;
  readonly path: readonly string[];
  /** Undefined: the path is deleted. */
  readonly value: Json | undefined;
}

/**
 * Reads `[SERVICE/]PATH=VALUE`: the path dotted (`\.` for a dot in a key), the value as YAML; an empty one deletes.
 * @param service Where the text names none.
 * @throws FairwayError FW7040 where it is no such text, FW7041 where no service is named.
 */
export function parseProperty(text: string, service: string | undefined): PropertyOverride {
  const split = text.indexOf("=");
  const [, named, dotted = ""] =
    /^(?:([a-z0-9][a-z0-9-]*)\/)?(.*)$/s.exec(split === -1 ? "" : text.slice(0, split)) ?? [];
  const example = "write `--override-property containers.main.image=registry.example.com/app:1.2`";
  const refuse = (code: "FW7040" | "FW7041", message: string, hint: string): never => {
    throw new FairwayError(problem(code, message, { hint }));
  };
  const path = splitPath(dotted);
  if (path.length === 0 || path.includes(""))
    refuse("FW7040", `\`${OVERRIDE_FLAG} ${text}\` is not PATH=VALUE`, example);
  const owner = named ?? service;
  if (owner === undefined)
    return refuse(
      "FW7041",
      `\`${OVERRIDE_FLAG} ${text}\` fits one service, and several are meant`,
      `name one service, or write \`${OVERRIDE_FLAG} SERVICE/${text}\``,
    );
  const written = text.slice(split + 1);
  if (written.trim() === "") return { service: owner, path, value: undefined };
  const { value, problems } = parseYaml(OVERRIDE_FLAG, written);
  if (problems.length > 0 || value === undefined)
    return refuse(
      "FW7040",
      `the value of \`${OVERRIDE_FLAG} ${joinPath(path)}\` is no YAML: ${problems[0]?.message ?? "nothing"}`,
      "put it in quotes: 'path=\"value\"'",
    );
  return { service: owner, path, value: value ?? undefined };
}

/** A document with properties set and deleted, and the paths whose values come from them. */
export interface Overridden {
  readonly value: Json;
  readonly taken: readonly string[];
  readonly problems: readonly Problem[];
}

/** Applies properties in order. What does not fit the document is left out and told (FW1222). */
export function overrideProperties(
  document: Json,
  properties: readonly PropertyOverride[],
): Overridden {
  const taken: string[] = [];
  const problems: Problem[] = [];
  let value = document;
  for (const property of properties) {
    const changed = changeAt(value, property.path, property.value, []);
    if (typeof changed === "string")
      problems.push(
        problem("FW1222", `${OVERRIDE_FLAG} ${joinPath(property.path)}: ${changed}`, {
          file: OVERRIDE_FLAG,
          path: joinPath(property.path),
        }),
      );
    else {
      value = changed.value;
      if (property.value !== undefined) taken.push(joinPath(changed.at));
    }
  }
  return { value, taken, problems };
}

type Changed = { readonly value: Json; readonly at: Path } | string;

/** The value with one path changed, and that path as it then stands; or why it cannot be. */
function changeAt(from: Json, path: readonly string[], over: Json | undefined, at: Path): Changed {
  const [key = "", ...rest] = path;
  const last = rest.length === 0;
  if (Array.isArray(from)) {
    const list = from as readonly Json[];
    const index = /^(-1|\d+)$/.test(key) ? Number(key) : NaN;
    if (Number.isNaN(index)) return `${JSON.stringify(key)} is no index of the list ${shown(at)}`;
    if (index === -1 && last && over !== undefined)
      return { value: [...list, over], at: [...at, list.length] };
    if (index < 0 || index >= list.length)
      return `the list ${shown(at)} has no entry ${key}: it has ${list.length}`;
    if (last && over === undefined)
      return { value: list.filter((_, one) => one !== index), at: [...at, index] };
    const inner = last
      ? { value: over ?? null, at: [...at, index] }
      : changeAt(list[index] ?? null, rest, over, [...at, index]);
    return typeof inner === "string"
      ? inner
      : { value: list.map((one, i) => (i === index ? inner.value : one)), at: inner.at };
  }
  if (!isJsonMap(from)) return `${shown(at)} is neither a map nor a list`;
  if (last && over === undefined)
    return {
      value: Object.fromEntries(Object.entries(from).filter(([name]) => name !== key)),
      at: [...at, key],
    };
  const next = Object.hasOwn(from, key) ? from[key] : undefined;
  // Nothing is there that could be deleted.
  if (over === undefined && (next ?? null) === null) return { value: from, at: [...at, key] };
  const inner = last
    ? { value: over ?? null, at: [...at, key] }
    : changeAt(next ?? (rest[0] === "-1" ? [] : {}), rest, over, [...at, key]);
  if (typeof inner === "string") return inner;
  // What was not there before comes from here as a whole.
  return {
    value: { ...from, [key]: inner.value },
    at: next === undefined ? [...at, key] : inner.at,
  };
}

const shown = (path: Path): string => (path.length === 0 ? "the document" : joinPath(path));
