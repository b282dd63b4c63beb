import type { z } from "zod";
import type { Path } from "../contract/path.ts";
import type { Json } from "../contract/value.ts";
import { judge } from "./document.ts";
import type { Found } from "./found.ts";
import { meantBy, simplified, valueAt, type Judged } from "./issues.ts";
import { isJsonMap } from "./merge.ts";
import type { Yaml } from "./yaml.ts";

/** What stands for a field that must be there, where what was written is refused; `*` is any key. */
export type StandIns = readonly (readonly [Path, Json])[];

/** What a schema takes of a document: all of it, or what is left once the refused parts are taken out. */
export interface Rest<T> {
  readonly document: T;
  /** The document as it was judged last, and what was taken out of it. */
  readonly judged: Judged;
  /** Whether nothing had to be taken out: what is left of a document can be checked and never planned. */
  readonly whole: boolean;
}

/** More than levels of a descriptor, so that what must not be missing can take everything around it along. */
const ROUNDS = 12;

/** Judges a document, and where it is refused what is left of it, so that all that is wrong is told in one run. */
export function judgeRest<S extends z.ZodType>(
  schema: S,
  judged: Judged,
  doubtfulIn: readonly Yaml[],
  standIns: StandIns,
  found: Found,
): Rest<z.infer<S>> | undefined {
  let left = judged;
  let document = judge(schema, judged, doubtfulIn, found);
  const whole = document !== undefined;
  for (let round = 0; document === undefined && round < ROUNDS; round++) {
    left = withoutRefused(schema, left, standIns);
    document = judge(schema, left, [], found);
  }
  return document === undefined ? undefined : { document, judged: left, whole };
}

/** A document without the parts that its schema refuses, or with what stands for them. */
function withoutRefused(schema: z.ZodType, judged: Judged, standIns: StandIns): Judged {
  const refused = [...judged.refused];
  const out: Path[] = [];
  const put: [Path, Json][] = [];
  for (const issue of simplified(schema.safeParse(judged.value).error?.issues ?? [], judged)) {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        out.push([...path, key]);
        const meant = meantBy(key, schema, path);
        if (meant !== undefined && valueAt(judged.value, [...path, meant]) === undefined)
          refused.push([...path, meant]);
      }
      continue;
    }
    const standIn = standIns.find(([pattern]) => fits(path, pattern));
    const isMissing = valueAt(judged.value, path) === undefined;
    const gone = standIn || !isMissing ? path : path.slice(0, -1);
    if (standIn) put.push([path, standIn[1]]);
    else out.push(gone);
    refused.push(gone);
  }
  const rest = put.reduce(
    (value, [path, standIn]) => withValue(value, path, standIn),
    judged.value,
  );
  return { ...judged, value: without(rest, out), refused };
}

const fits = (path: Path, pattern: Path): boolean =>
  path.length === pattern.length &&
  pattern.every((part, index) => part === "*" || part === path[index]);

/** A document without what stands at some paths. A list goes as a whole: its other entries would change their places. */
export function without(value: Json | undefined, paths: readonly Path[]): Json | undefined {
  if (paths.length === 0) return value;
  if (paths.some((path) => path.length === 0)) return undefined;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item, index) =>
      without(item, below(paths, index)),
    );
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isJsonMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]): [string, Json][] => {
      const kept = without(member, below(paths, key));
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}

const below = (paths: readonly Path[], key: string | number): Path[] =>
  paths.filter(([first]) => String(first) === String(key)).map(([, ...rest]) => rest);

/** A document with another value at a path, all parents of which are maps. */
function withValue(value: Json | undefined, [key, ...rest]: Path, put: Json): Json {
  if (key === undefined || !isJsonMap(value)) return put;
  return { ...value, [key]: withValue(value[key], rest, put) };
}
