import type { JsonObject } from "../kubernetes/json.ts";
import type { Change } from "../kubernetes/diff.ts";
import type { Checked } from "../kubernetes/check.ts";
import type { Values } from "../kubernetes/values.ts";
import type { Chance } from "./chance.ts";
import type { Settings } from "./settings.ts";
import type { World } from "./world.ts";

/** The resource that a call is about, and everything around it. */
export interface Cue {
  urn: string;
  /** Token, such as `aws:rds/instance:Instance`. */
  type: string;
  /** The name that the program gave. */
  name: string;
  settings: Settings;
  world: World;
  /** Waits; a Cancel of the engine ends it with an error. */
  pause: (milliseconds: number) => Promise<void>;
  /** Tells a person something about the resource, once for each `key`. */
  warn: (key: string, urn: string, text: string) => void;
  /** Milliseconds since the epoch. */
  now: number;
}

/** What changed, and which of the changes cannot be made in place. */
export interface Difference {
  changes: Change[];
  replacing: Change[];
  deleteFirst: boolean;
}

/** A resource as it stands after an operation; in a preview of a creation the id is empty. */
export interface Made {
  id: string;
  outputs: Values;
}

/** Plays one package. */
export interface Player {
  /** Inputs in the form that is stored and compared, or refusals. `olds` are empty for a new resource. */
  check(cue: Cue, olds: Values, news: Values, seed: Uint8Array): Promise<Checked>;
  /** Compares inputs; `stored` is what the state holds. */
  diff(cue: Cue, old: JsonObject, now: JsonObject, stored: JsonObject): Promise<Difference>;
  /** What a creation would give before it is done. */
  foresee(cue: Cue, inputs: Values): Promise<Made>;
  /** What exists after a creation or an update. */
  make(cue: Cue, inputs: Values, chance: Chance): Promise<Made>;
  /** Why it cannot be created beside what exists, if it cannot. */
  refuseCreation(cue: Cue, inputs: JsonObject): string | undefined;
  /** What is taken for granted where a program reads what nobody rehearsed; absent, or undefined: nothing is. */
  assume?(cue: Cue, id: string): Values | undefined;
  /** Why it cannot be deleted, if it cannot. */
  refuseDeletion(cue: Cue, id: string, stored: JsonObject): string | undefined;
}
