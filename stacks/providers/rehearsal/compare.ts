import { changesBetween, type Change } from "../kubernetes/diff.ts";
import { isObject, same, type Json, type JsonObject, type Path } from "../kubernetes/json.ts";
import type { Properties, Property } from "./facts.ts";

/**
 * What changed between two sets of inputs in the eyes of the cloud: the order of a set and the layout of a JSON text
 * are no change, and leaving out what the cloud has chosen or keeps is none either.
 */
export function changesOf(properties: Properties, old: JsonObject, now: JsonObject): Change[] {
  const [before, after] = [settled(properties, old), settled(properties, now)];
  return changesBetween(before, after).filter(({ path, kind }) => {
    const [top = ""] = path;
    if (String(top).startsWith("__")) return false;
    const left = kind === "delete" && path.length === 1;
    return !(left && properties[String(top)]?.use === "computed");
  });
}

/** The changes that need a new resource, by the tables. */
export function replacingOf(properties: Properties, changes: readonly Change[]): Change[] {
  return changes.filter(({ path }) => replacesAt(properties, path));
}

function replacesAt(properties: Properties, path: Path): boolean {
  let here: Properties | undefined = properties;
  for (const step of path) {
    if (typeof step === "number") continue;
    const property: Property | undefined = here?.[step];
    if (!property) return false;
    if (property.replaces) return true;
    here = property.of;
  }
  return false;
}

/** A copy in which equal things look equal: sets sorted, JSON texts in one layout. */
function settled(properties: Properties, object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      const property = properties[name];
      return [name, property && value !== undefined ? settledValue(property, value) : value];
    }),
  );
}

function settledValue(property: Property, value: Json): Json {
  const { of } = property;
  if (Array.isArray(value)) {
    const items = value.map((item) => (of && isObject(item) ? settled(of, item) : item));
    return property.is === "set" ? items.sort((a, b) => order(canonical(a), canonical(b))) : items;
  }
  if (of && isObject(value)) return settled(of, value);
  if (property.form === "json" && typeof value === "string") return layout(value);
  return value;
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function layout(text: string): string {
  try {
    return canonical(JSON.parse(text) as Json);
  } catch {
    return text;
  }
}

/** JSON with keys in order. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => order(a, b)))
      : inner,
  );
}

/** True where the name that AWS knows it by was given, is the same in both and not of the provider's making. */
export function keepsName(old: JsonObject, now: JsonObject, property: string): boolean {
  const made = now["__defaults"];
  return (
    now[property] !== undefined &&
    same(old[property], now[property]) &&
    !(Array.isArray(made) && made.includes(property))
  );
}
