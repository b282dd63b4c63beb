import type { Change } from "../contract/result.ts";
import type { Json } from "../contract/value.ts";
import { hideSecrets, isSecret } from "../state/secret.ts";
import type { StepMetadata } from "./events.ts";

/** What differs between two states of a resource, by input path; secret values are left out. */
export function fieldsOf(metadata: StepMetadata): Change["fields"] {
  const replacing = new Set(metadata.keys ?? []);
  const detailed = Object.entries(metadata.detailedDiff ?? {});
  const paths: readonly (readonly [string, boolean])[] =
    detailed.length > 0
      ? detailed.map(([path, { diffKind }]) => [path, diffKind.endsWith("-replace")] as const)
      : (metadata.diffs ?? []).map((path) => [path, replacing.has(path)] as const);
  return paths.map(([path, replaces]) => {
    const old = valueAt(metadata.old?.inputs, path);
    const now = valueAt(metadata.new?.inputs, path);
    const secret = old === HIDDEN || now === HIDDEN;
    return {
      path,
      secret,
      replaces,
      ...(!secret && old !== undefined && { old: hideSecrets(old, now) }),
      ...(!secret && now !== undefined && { new: hideSecrets(now, old) }),
    };
  });
}

/** Stands for a value that is secret, itself or as part of a secret. */
const HIDDEN = Symbol("secret");

/** The value at a property path such as `spec.containers[0].env["a.b"]`. */
function valueAt(value: unknown, path: string): Json | typeof HIDDEN | undefined {
  let at = value;
  for (const key of splitProperty(path)) {
    if (isSecret(at)) return HIDDEN;
    at =
      typeof at === "object" && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined;
  }
  return isSecret(at) ? HIDDEN : (at as Json | undefined);
}

/** Splits a property path as the engine writes it. */
export function splitProperty(path: string): string[] {
  const keys: string[] = [];
  for (const [, quoted, index, plain] of path.matchAll(
    /\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g,
  ))
    keys.push(quoted !== undefined ? quoted.replaceAll(/\\(.)/g, "$1") : (index ?? plain ?? ""));
  return keys;
}
