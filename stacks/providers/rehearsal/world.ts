import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject, type Json, type JsonObject, type Path } from "../kubernetes/json.ts";
import type { Values } from "../kubernetes/values.ts";

/** One resource that exists in the rehearsed world. */
export interface Thing {
  urn: string;
  type: string;
  id: string;
  /** Secrets are replaced by `[secret]`. */
  inputs: JsonObject;
  outputs: JsonObject;
  /** How often its URN had been created with it. */
  generation?: number;
  /** Where its name is unique. */
  place?: string;
  /** What somebody changed behind our back: overlaid on what a refresh reads. */
  drift?: JsonObject;
  /** Milliseconds since the epoch before which others do not see it: eventual consistency. */
  visibleAt?: number;
}

/** What is kept of one stack. */
interface Stage {
  /** How often each URN was created: part of every id. */
  generations: Record<string, number>;
  /** By `type id`. */
  things: Record<string, Thing>;
}

/** A stage in memory, and how it stands to its file. */
interface Entry {
  stage: Stage;
  /** Of the file as it was last read or written. */
  stamp: string;
  writing?: Promise<void>;
  dirty: boolean;
}

/**
 * What exists in rehearsal: a file for each stack in one folder, written by whoever holds the stack's lease and read by
 * all. Without a folder the world lives and dies with the server.
 */
export interface World {
  /** How often the URN will have been created with the next creation. */
  nextGeneration(urn: string): number;
  /** How often it was created so far, at least 1. */
  generation(urn: string): number;
  /** A resource of the URN's own stack. */
  get(urn: string, type: string, id: string): Thing | undefined;
  /** True once anything of the URN's stack was recorded: then what is missing is gone. */
  knows(urn: string): boolean;
  /** Everything that exists, of all stacks. */
  all(): Thing[];
  /** Settled when it is on disk. */
  put(thing: Thing, generation?: number): Promise<void>;
  remove(urn: string, type: string, id: string): Promise<void>;
}

const COMMENT = "Rehearsed: nothing here exists. Written by the rehearsal provider.";
const SECRET = "[secret]";

/** Opens the world in `folder`, which is made when first written. */
export function openWorld(folder: string | undefined): World {
  const stages = new Map<string, Entry>();
  const fileOf = (stack: string): string => join(folder ?? "", `${stack}.json`);

  const entryOf = (stack: string): Entry => {
    const known = stages.get(stack);
    if (known && (known.dirty || known.writing)) return known;
    const stamp = folder === undefined ? "" : stampOf(fileOf(stack));
    if (known && known.stamp === stamp) return known;
    const stage = stamp === "" ? { generations: {}, things: {} } : readStage(fileOf(stack));
    const fresh: Entry = { stage, stamp, dirty: false };
    stages.set(stack, fresh);
    return fresh;
  };
  const save = (stack: string): Promise<void> => {
    const entry = entryOf(stack);
    entry.dirty = true;
    if (folder === undefined) return Promise.resolve();
    const flush = async (): Promise<void> => {
      entry.dirty = false;
      try {
        await write();
      } catch (error) {
        entry.dirty = true;
        throw error;
      }
    };
    const write = async (): Promise<void> => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, `.${stack}.draft`);
      await writeFile(draft, textOf(entry.stage), { mode: 0o600 });
      await rename(draft, fileOf(stack));
      entry.stamp = stampOf(fileOf(stack));
    };
    // Whoever comes while a file is being written shares the next writing.
    const before = entry.writing ?? Promise.resolve();
    const next = before.catch(() => undefined).then(() => (entry.dirty ? flush() : undefined));
    entry.writing = next;
    return next.finally(() => {
      if (entry.writing === next) delete entry.writing;
    });
  };
  const stageOf = (urn: string): Stage => entryOf(stackOf(urn)).stage;

  return {
    nextGeneration: (urn) => (stageOf(urn).generations[urn] ?? 0) + 1,
    generation: (urn) => stageOf(urn).generations[urn] ?? 1,
    get: (urn, type, id) => stageOf(urn).things[`${type} ${id}`],
    knows: (urn) => Object.keys(stageOf(urn).generations).length > 0,
    all() {
      if (folder !== undefined && existsSync(folder))
        for (const name of readdirSync(folder))
          if (name.endsWith(".json")) entryOf(name.slice(0, -".json".length));
      return [...stages.values()].flatMap(({ stage }) => Object.values(stage.things));
    },
    async put(thing, generation) {
      const stage = stageOf(thing.urn);
      stage.things[`${thing.type} ${thing.id}`] = thing;
      if (generation !== undefined) stage.generations[thing.urn] = generation;
      await save(stackOf(thing.urn));
    },
    async remove(urn, type, id) {
      delete stageOf(urn).things[`${type} ${id}`];
      await save(stackOf(urn));
    },
  };
}

/**
 * Takes out of a stack's file what its state does not know: what an interrupted run made and could not write down. In
 * the cloud it would be left behind; in rehearsal nothing is.
 * @param isKnown Whether the state records a resource of that URN and id.
 */
export function forgetUnrecorded(
  folder: string,
  stack: string,
  isKnown: (urn: string, id: string) => boolean,
): void {
  const file = join(folder, `${stack}.json`);
  if (!existsSync(file)) return;
  const stage = readStage(file);
  const kept = Object.entries(stage.things).filter(([, { urn, id }]) => isKnown(urn, id));
  if (kept.length === Object.keys(stage.things).length) return;
  const draft = join(folder, `.${stack}.draft`);
  writeFileSync(draft, textOf({ ...stage, things: Object.fromEntries(kept) }), { mode: 0o600 });
  renameSync(draft, file);
}

/** The stack that a URN names. */
export const stackOf = (urn: string): string =>
  (urn.split("::")[0] ?? "").replace("urn:pulumi:", "").replaceAll("/", "-");

/** A copy without secrets: what may be written down. */
export function veiled({ value, secrets }: Values): JsonObject {
  const veil = (here: Json, paths: readonly Path[]): Json => {
    if (paths.some((path) => path.length === 0)) return SECRET;
    if (paths.length === 0) return here;
    const below = (step: string | number): Path[] =>
      paths.filter((path) => path[0] === step).map((path) => path.slice(1));
    if (Array.isArray(here)) return here.map((item, i) => veil(item, below(i)));
    if (!isObject(here)) return here;
    return Object.fromEntries(
      Object.entries(here).map(([key, item]) => [key, veil(item ?? null, below(key))]),
    );
  };
  return veil(value, secrets) as JsonObject;
}

const textOf = (stage: Stage): string =>
  `${JSON.stringify({ $comment: COMMENT, ...stage }, null, 1)}\n`;

function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : "";
}

function readStage(file: string): Stage {
  const { generations, things } = JSON.parse(readFileSync(file, "utf8")) as Partial<Stage>;
  return { generations: generations ?? {}, things: things ?? {} };
}
