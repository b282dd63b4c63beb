import type { Json } from "../kubernetes/json.ts";

/** What is known of one property of a resource type. */
export interface Property extends Limits {
  is: "text" | "number" | "flag" | "list" | "set" | "map" | "object" | "any";
  /** `computed`: may be given, else the cloud chooses. `output`: never given. */
  use: "required" | "optional" | "computed" | "output";
  /** A change replaces the resource. */
  replaces?: true;
  secret?: true;
  /** What the provider fills in where nothing is given. */
  default?: Json;
  /** Other properties of the same object that may not be given beside it. */
  conflicts?: string[];
  /** Of these and itself exactly one is given. */
  exactlyOne?: string[];
  /** Of these and itself at least one is given. */
  atLeastOne?: string[];
  /** Must be given beside it. */
  with?: string[];
  /** Fewest and most items. */
  items?: [number | null, number | null];
  /** Limits of each item. */
  each?: Limits;
  /** The properties of an object, or of each item. */
  of?: Properties;
}

/** What a single value must be. */
export interface Limits {
  oneOf?: (string | number)[];
  range?: [number | null, number | null];
  length?: [number | null, number | null];
  /** A regular expression. */
  matches?: string;
  form?: "arn" | "json" | "cidr" | "account";
}

/** Properties by their Pulumi name. */
export type Properties = { [name: string]: Property };

/** What is known of one resource type. */
export interface TypeFacts {
  /** False where no source says which changes replace the resource. */
  replacementKnown: boolean;
  /** Further conditional replacement exists that no table states. */
  conditional?: boolean;
  properties: Properties;
}

/** The committed tables. */
export interface Tables {
  source: Readonly<Record<string, string>>;
  types: Readonly<Record<string, TypeFacts>>;
}
