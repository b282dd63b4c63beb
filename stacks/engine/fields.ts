import type { Change } from "../contract/result.ts";
import type { Json } from "../contract/value.ts";
import { hideSecrets, isSecret } from "../state/secret.ts";
import type { StepMetadata } from "./events.ts";

type Field = Change["fields"][number];

/** What differs between two states of a resource, by input path; secret values are left out. */
export function fieldsOf(metadata: StepMetadata): readonly Field[] {
  const replacing = new Set(metadata.keys ?? []);
  const detailed = Object.entries(metadata.detailedDiff ?? {});
  const paths: readonly (readonly [string, boolean])[] =
    detailed.length > 0
      ? detailed.map(([path, { diffKind }]) => [path, diffKind.endsWith("-replace")] as const)
      : (metadata.diffs ?? []).map((path) => [path, replacing.has(path)] as const);
  const [old, now] = [metadata.old?.inputs, metadata.new?.inputs];
  const lists = new Map<string, boolean>();
  const fields = paths.flatMap(([path, replaces]) => {
    const list = movedList(path, old, now);
    if (list === undefined) return [field(path, valueAt(old, path), valueAt(now, path), replaces)];
    lists.set(list, replaces || lists.get(list) === true);
    return [];
  });
  return [
    ...fields,
    ...[...lists].flatMap(([list, replaces]) =>
      differences(list, valueAt(old, list), valueAt(now, list)).map(([path, was, is]) =>
        field(path, was, is, replaces),
      ),
    ),
  ];
}

function field(path: string, old: unknown, now: unknown, replaces: boolean): Field {
  const secret = old === HIDDEN || now === HIDDEN || isSecret(old) || isSecret(now);
  return {
    path,
    secret,
    replaces,
    ...(!secret && old !== undefined && { old: hideSecrets(old, now) }),
    ...(!secret && now !== undefined && { new: hideSecrets(now, old) }),
  };
}

/** Items that have names, as containers, variables, ports and volumes have. */
type Named = readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];

function isNamed(value: unknown): value is Named {
  if (!Array.isArray(value)) return false;
  const names = value.map((item: { name?: unknown } | null) => !isSecret(item) && item?.name);
  return names.every((name) => typeof name === "string") && new Set(names).size === names.length;
}

const namesOf = (list: Named): string[] => list.map(({ name }) => name);

/**
 * The list of named items above a path in which one came, went or moved. Told by place, every item after it would
 * seem to have changed.
 */
function movedList(path: string, old: unknown, now: unknown): string | undefined {
  for (const { index, [2]: place } of path.matchAll(PART)) {
    if (place === undefined) continue;
    const list = path.slice(0, index);
    const [was, is] = [valueAt(old, list), valueAt(now, list)];
    if (isNamed(was) && isNamed(is) && namesOf(was).join("\n") !== namesOf(is).join("\n"))
      return list;
  }
  return undefined;
}

/** Paths at which two values differ, with what is there; items with names are told by name. */
function differences(
  path: string,
  old: unknown,
  now: unknown,
): (readonly [path: string, old: unknown, now: unknown])[] {
  if (JSON.stringify(old) === JSON.stringify(now)) return [];
  if (isSecret(old) || isSecret(now)) return [[path, old, now]];
  if (isNamed(old) && isNamed(now)) {
    const [was, is] = [old, now].map((list) => new Map(list.map((item) => [item.name, item])));
    const names = [...new Set([...was!.keys(), ...is!.keys()])];
    const [left, right] = [
      namesOf(old).filter((name) => is!.has(name)),
      namesOf(now).filter((name) => was!.has(name)),
    ];
    return [
      ...(left.join("\n") === right.join("\n") ? [] : [[path, left, right] as const]),
      ...names.flatMap((name) =>
        differences(`${path}[${JSON.stringify(name)}]`, was!.get(name), is!.get(name)),
      ),
    ];
  }
  if (isRecord(old) && isRecord(now))
    return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key) =>
      differences(
        /^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`,
        old[key],
        now[key],
      ),
    );
  return [[path, old, now]];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

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

/** A part of a property path: a quoted key, a place in a list, a plain key. */
const PART = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g;

/** Splits a property path as the engine writes it. */
export function splitProperty(path: string): string[] {
  const keys: string[] = [];
  for (const [, quoted, index, plain] of path.matchAll(PART))
    keys.push(quoted !== undefined ? quoted.replaceAll(/\\(.)/g, "$1") : (index ?? plain ?? ""));
  return keys;
}
