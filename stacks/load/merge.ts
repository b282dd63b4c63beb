import { joinPath, underPath } from "../contract/path.ts";
import type { Json } from "../contract/value.ts";

type JsonMap = { readonly [key: string]: Json };

export const isJsonMap = (value: Json | undefined): value is JsonMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Puts one map over another: maps are merged, other values replace, and null deletes. Nothing is changed in place. */
export function mergeOver(base: JsonMap, over: JsonMap): JsonMap {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const existing = Object.hasOwn(base, key) ? base[key] : undefined;
    if (value === null) delete merged[key];
    else merged[key] = isJsonMap(existing) && isJsonMap(value) ? mergeOver(existing, value) : value;
  }
  return merged;
}

/** Dotted paths of the values that `mergeOver` takes from `over`. */
export function takenPaths(base: Json | undefined, over: Json, path: string[] = []): string[] {
  return isJsonMap(over) && (path.length === 0 || isJsonMap(base))
    ? Object.entries(over).flatMap(([key, value]) =>
        takenPaths(isJsonMap(base) && Object.hasOwn(base, key) ? base[key] : undefined, value, [
          ...path,
          key,
        ]),
      )
    : [joinPath(path)];
}

/**
 * Sources of a model (model path → path in the document) once some paths of the document came from elsewhere:
 * `from` is the prefix of `taken` in the document, `to` stands for it where they were taken from.
 */
export function redirect(
  sources: Readonly<Record<string, string>>,
  taken: readonly string[],
  from: string,
  to: (path: string) => string,
): Record<string, string> {
  const redirected: Record<string, string> = { ...sources };
  for (const path of taken) {
    const full = underPath(from, path);
    for (const [model, source] of Object.entries(sources)) {
      if (isUnder(source, full))
        redirected[model] = to(source.slice(from === "" ? 0 : from.length + 1));
      else if (isUnder(full, source)) {
        const rest = source === "" ? full : full.slice(source.length + 1);
        redirected[underPath(model, rest)] ??= to(path);
      }
    }
  }
  return redirected;
}

/** Whether a dotted path is another one or stands below it. */
const isUnder = (path: string, parent: string): boolean =>
  parent === "" || path === parent || path.startsWith(`${parent}.`);
