import struct from "google-protobuf/google/protobuf/struct_pb.js";
import {
  isObject,
  mapScalars,
  withoutNulls,
  type Json,
  type JsonObject,
  type Path,
} from "./json.ts";

/** What the engine sends and expects where a value is not known before the update. Source: Pulumi's resource protocol. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const SHORTEST_REDACTED = 4;

/** A property bag in plain JSON, and where in it secrets stand. Unknowns stay in it as `UNKNOWN`. */
export interface Values {
  value: JsonObject;
  secrets: Path[];
}

/** Reads a property bag; secrets are unwrapped in place and their paths kept, however deep they are. */
export function decode(bag: struct.Struct | undefined): Values {
  const secrets: Path[] = [];
  const open = (value: Json, path: Path): Json => {
    if (Array.isArray(value)) return value.map((item, i) => open(item, [...path, i]));
    if (!isObject(value)) return value;
    if (value[SIGNATURE] === SECRET) {
      secrets.push(path);
      return open(value["value"] ?? null, path);
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, open(item ?? null, [...path, key])]),
    );
  };
  const plain = bag ? (bag.toJavaScript() as JsonObject) : {};
  return { value: withoutNulls(open(plain, []) as JsonObject), secrets };
}

/** Writes a property bag with the given paths marked secret. */
export function encode(value: JsonObject, secrets: readonly Path[] = []): struct.Struct {
  return struct.Struct.fromJavaScript(
    mark(withoutNulls(value), secrets) as Record<string, struct.JavaScriptValue>,
  );
}

/** Wraps what stands at each path as a secret; a path that leads nowhere is left out. */
export function mark(value: Json, secrets: readonly Path[]): Json {
  if (secrets.some((path) => path.length === 0)) return { [SIGNATURE]: SECRET, value };
  if (secrets.length === 0) return value;
  const below = (step: string | number): Path[] =>
    secrets.filter((path) => path[0] === step).map((path) => path.slice(1));
  if (Array.isArray(value)) return value.map((item, i) => mark(item, below(i)));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mark(item ?? null, below(key))]),
  );
}

/**
 * Where the secrets of `inputs` stand in `live`. The server may reorder a list or add to it, so a path through a
 * list whose items no longer stand at the same places becomes the whole list: rather too much than too little.
 */
export function followSecrets(
  secrets: readonly Path[],
  inputs: JsonObject,
  live: JsonObject,
): Path[] {
  return secrets.map((path) => {
    let given: Json | undefined = inputs;
    let found: Json | undefined = live;
    for (const [i, step] of path.entries()) {
      if (Array.isArray(given) && !(Array.isArray(found) && alignedLists(given, found)))
        return path.slice(0, i);
      given = (given as JsonObject | undefined)?.[step as string];
      found = (found as JsonObject | undefined)?.[step as string];
    }
    return path;
  });
}

/** True where the value is, or holds, an unknown. */
export function hasUnknown(value: Json | undefined): boolean {
  if (typeof value === "string") return value === UNKNOWN;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** Every secret text of a bag, and what base64 hides in it, longest first: what must not appear in a message. */
export function secretTexts({ value, secrets }: Values): string[] {
  const texts = new Set<string>();
  const collect = (found: Json): void => {
    mapScalars(found, (scalar) => {
      if (typeof scalar !== "string" || scalar === UNKNOWN) return scalar;
      texts.add(scalar);
      if (/^[A-Za-z0-9+/]+={0,2}$/.test(scalar) && scalar.length % 4 === 0)
        texts.add(Buffer.from(scalar, "base64").toString("utf8"));
      return scalar;
    });
  };
  for (const path of secrets) {
    let here: Json | undefined = value;
    for (const step of path) here = (here as JsonObject | undefined)?.[step as string];
    if (here !== undefined) collect(here);
  }
  return [...texts]
    .filter((text) => text.length >= SHORTEST_REDACTED)
    .sort((a, b) => b.length - a.length);
}

/** The text with every secret replaced. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((kept, secret) => kept.replaceAll(secret, "[secret]"), text);
}

function alignedLists(given: Json[], found: Json[]): boolean {
  const name = (item: Json | undefined): Json | undefined =>
    isObject(item) ? item["name"] : undefined;
  return given.length === found.length && given.every((item, i) => name(item) === name(found[i]));
}
