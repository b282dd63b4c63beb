import { at, isObject, same, withValue, type Json, type JsonObject } from "./json.ts";

/** What the server writes into every object by itself, which is no drift. */
const NOISE = [
  "managedFields",
  "resourceVersion",
  "generation",
  "uid",
  "creationTimestamp",
  "selfLink",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
];
const REVISION = "deployment.kubernetes.io/revision";

/** The object without what the server and its controllers keep in it. */
export function withoutNoise(object: JsonObject): JsonObject {
  const { status: _, ...kept } = object;
  const metadata: JsonObject = { ...(isObject(kept["metadata"]) ? kept["metadata"] : {}) };
  for (const key of NOISE) delete metadata[key];
  if (isObject(metadata["annotations"]) && metadata["annotations"][REVISION] !== undefined) {
    const { [REVISION]: _revision, ...annotations } = metadata["annotations"];
    metadata["annotations"] = annotations;
  }
  return { ...kept, metadata };
}

/**
 * The stored inputs with the live values wherever the live object is no longer what applying them would give.
 * `applied` is the answer to a dry-run apply of the inputs; what others added is no drift. The inputs themselves
 * where nothing drifted.
 */
export function driftedInputs(
  inputs: JsonObject,
  applied: JsonObject,
  live: JsonObject,
): JsonObject {
  const [wanted, found] = [withoutNoise(applied), withoutNoise(live)];
  if (same(wanted, found)) return inputs;
  return (drifted(inputs, wanted, found) ?? {}) as JsonObject;
}

/** The part of an object that has the shape of the inputs, for when a dry run is not allowed. */
export function prunedTo(shape: Json, live: Json | undefined): Json | undefined {
  if (Array.isArray(shape) && Array.isArray(live)) {
    const key = mergeKey([shape, live]);
    if (!key) return live;
    return shape
      .map((item) => prunedTo(item, partner(item, live, key)))
      .filter((item) => item !== undefined);
  }
  if (isObject(shape) && isObject(live)) {
    return Object.fromEntries(
      Object.entries(shape)
        .map(([name, item]) => [name, prunedTo(item ?? null, live[name])])
        .filter(([, item]) => item !== undefined),
    );
  }
  return live;
}

function drifted(input: Json, wanted: Json | undefined, found: Json | undefined): Json | undefined {
  if (same(wanted, found)) return input;
  if (found === undefined) return undefined;
  if (isObject(input) && isObject(wanted) && isObject(found)) {
    let result: JsonObject = input;
    for (const [key, item] of Object.entries(input)) {
      const value = drifted(item ?? null, wanted[key], found[key]);
      if (value !== item) result = withValue(result, [key], value);
    }
    return result;
  }
  if (Array.isArray(input) && Array.isArray(wanted) && Array.isArray(found)) {
    const key = mergeKey([input, wanted, found]);
    if (!key) return found;
    return input
      .map((item) => drifted(item, partner(item, wanted, key), partner(item, found, key)))
      .filter((item) => item !== undefined);
  }
  return found;
}

/** Fields that tell list items apart, the first that does so in all given lists. Source: `x-kubernetes-list-map-keys` of the built-in kinds. */
const MERGE_KEYS: readonly (readonly string[])[] = [
  ["name"],
  ["mountPath"],
  ["containerPort", "protocol"],
  ["containerPort"],
  ["port", "protocol"],
  ["port"],
  ["topologyKey"],
  ["type"],
  ["key"],
  ["ip"],
  ["devicePath"],
  ["uid"],
];

function mergeKey(lists: readonly Json[][]): readonly string[] | undefined {
  return MERGE_KEYS.find((key) =>
    lists.every((list) => {
      const values = list.map((item) => keyText(item, key));
      return values.every((value) => value !== undefined) && new Set(values).size === values.length;
    }),
  );
}

function partner(item: Json, list: readonly Json[], key: readonly string[]): Json | undefined {
  return list.find((other) => keyText(other, key) === keyText(item, key));
}

function keyText(item: Json, key: readonly string[]): string | undefined {
  const values = key.map((name) => at(item, name) ?? (name === "protocol" ? "TCP" : undefined));
  return values.some((value) => value === undefined || typeof value === "object")
    ? undefined
    : JSON.stringify(values);
}
