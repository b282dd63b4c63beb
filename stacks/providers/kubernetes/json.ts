/** Plain JSON, as it travels to the API server and to the engine. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
/** A JSON object; a missing key reads as undefined. */
export interface JsonObject {
  [key: string]: Json | undefined;
}
/** Where a value is: keys and list indices from the top. */
export type Path = readonly (string | number)[];

/** True for an object that is not a list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value below `value` at the given keys, or undefined where the path ends early. */
export function at(value: Json | undefined, ...path: Path): Json | undefined {
  let here = value;
  for (const step of path) {
    if (Array.isArray(here)) here = typeof step === "number" ? here[step] : undefined;
    else if (isObject(here)) here = Object.hasOwn(here, step) ? here[String(step)] : undefined;
    else return undefined;
  }
  return here;
}

/** The object at a path; an empty one where there is none. */
export function objectAt(value: Json | undefined, ...path: Path): JsonObject {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
}

/** The list at a path; an empty one where there is none. */
export function listAt(value: Json | undefined, ...path: Path): Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The text at a path; the empty text where there is none. */
export function textAt(value: Json | undefined, ...path: Path): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The number at a path, else `otherwise` (0 when not given). */
export function numberAt(value: Json | undefined, path: Path, otherwise = 0): number {
  const found = at(value, ...path);
  return typeof found === "number" ? found : otherwise;
}

/** Same content; the order of keys does not count, and a key without a value equals a missing one. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(a[key], b[key]));
}

/** A copy with `change` applied to every scalar; a change to undefined drops the key or item. */
export function mapScalars(
  value: Json,
  change: (scalar: Json, path: Path) => Json | undefined,
  path: Path = [],
): Json {
  if (Array.isArray(value)) {
    return value
      .map((item, i) =>
        isScalar(item) ? change(item, [...path, i]) : mapScalars(item, change, [...path, i]),
      )
      .filter((item) => item !== undefined);
  }
  if (!isObject(value)) return change(value, path) ?? null;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const changed = isScalar(item)
      ? change(item, [...path, key])
      : mapScalars(item, change, [...path, key]);
    if (changed !== undefined) copy[key] = changed;
  }
  return copy;
}

/** A copy without nulls and undefined, which neither the engine nor server-side apply distinguishes from absent. */
export function withoutNulls(value: JsonObject): JsonObject {
  return mapScalars(value, (scalar) => scalar ?? undefined) as JsonObject;
}

/** A copy of `object` with the value at `path` set, or removed when it is undefined; missing objects on the way are made. */
export function withValue(object: JsonObject, path: Path, value: Json | undefined): JsonObject {
  const copy = structuredClone(object);
  let here: Json | undefined = copy;
  path.forEach((step, i) => {
    const last = i === path.length - 1;
    if (Array.isArray(here) && typeof step === "number") {
      if (last && value !== undefined) here[step] = value;
      else if (last) here.splice(step, 1);
      else here = here[step];
    } else if (isObject(here)) {
      if (last && value === undefined) delete here[String(step)];
      else if (last) here[String(step)] = value;
      else here = here[String(step)] ??= {};
    }
  });
  return copy;
}

function isScalar(value: Json): boolean {
  return typeof value !== "object" || value === null;
}
