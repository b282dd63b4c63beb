import { changesBetween, type Change } from "../kubernetes/diff.ts";
import { at, isObject, same, type Json, type JsonObject, type Path } from "../kubernetes/json.ts";
import type { Properties, Property } from "./facts.ts";

/** A change, with what was added or left out. */
export interface Changed extends Change {
  readonly whole?: Json | undefined;
}

/**
 * What changed between two sets of inputs in the eyes of the cloud: the order of a set and the layout of a JSON text
 * are no change, and leaving out what the cloud has chosen or keeps is none either.
 */
export function changesOf(properties: Properties, old: JsonObject, now: JsonObject): Changed[] {
  const [before, after] = [settled(properties, old), settled(properties, now)];
  return changesBetween(before, after)
    .filter(({ path, kind }) => {
      const [top = ""] = path;
      if (String(top).startsWith("__")) return false;
      const left = kind === "delete" && path.length === 1;
      return !(left && properties[String(top)]?.use === "computed");
    })
    .map((change) => {
      if (change.kind === "update") return change;
      return { ...change, whole: at(change.kind === "add" ? after : before, ...change.path) };
    });
}

/**
 * The changes that need a new resource, by the tables. As the provider has it, a block that cannot change may neither
 * come nor go, and what stands in it says for itself whether it can change.
 */
export function replacingOf(properties: Properties, changes: readonly Changed[]): Changed[] {
  return changes.filter(({ path, whole }) => {
    const { replaces, of } = propertyAt(properties, path) ?? {};
    return replaces || (of && replacesIn(of, whole));
  });
}

/** The property that a path leads to; for an item, or where nothing is known of what is below, that above it. */
function propertyAt(properties: Properties, path: Path): Property | undefined {
  let property: Property | undefined;
  let here: Properties | undefined = properties;
  for (const step of path) {
    if (typeof step === "number") continue;
    if (!here) break;
    property = here[step];
    here = property?.of;
    if (!property) break;
  }
  return property;
}

/** Whether anything below an object, or below each of a list, needs a new resource when it comes or goes. */
function replacesIn(properties: Properties, value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some((item) => replacesIn(properties, item));
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, item]) => {
    const property = properties[name];
    if (!property || item === undefined) return false;
    return property.replaces || (property.of !== undefined && replacesIn(property.of, item));
  });
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
