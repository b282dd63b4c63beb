/** Plain JSON. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Pulumi's sentinel for a text that is not known yet (`runtime.unknownValue`), where the SDK is not loaded. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** An output of another item of the same plan, known only while the program runs. */
export interface Reference {
  /** Id of the plan item. */
  readonly ref: string;
  /** Name of its output. */
  readonly output: string;
  /** Whether the value must never be shown. */
  readonly secret: boolean;
  /**
   * `cloud`: the value never passes through a program. Pods read it from the cloud's store of secrets: it is the member
   * `output` of the JSON secret whose ARN is the item's output `secretArn`. Absent: the program gives it.
   */
  readonly held?: "cloud";
}

/** Text with references in it. Only components resolve references. */
export interface Template {
  readonly $template: readonly (string | Reference)[];
}

/** Text of a plan: literal, or a template. */
export type Text = string | Template;

/** Whether a text holds references. */
export function isTemplate(value: unknown): value is Template {
  return (
    typeof value === "object" &&
    value !== null &&
    Array.isArray((value as { $template?: unknown }).$template)
  );
}

/** The references in a text, in order. */
export function referencesOf(text: Text): Reference[] {
  return isTemplate(text)
    ? text.$template.filter((part): part is Reference => typeof part !== "string")
    : [];
}

/** Whether a text holds a secret. */
export function isSecretText(text: Text): boolean {
  return referencesOf(text).some((reference) => reference.secret);
}

/** Joins parts; adjacent strings are merged and a template without references becomes a string. */
export function joinText(parts: readonly (string | Reference | Template)[]): Text {
  const flat: (string | Reference)[] = [];
  for (const part of parts) {
    for (const piece of typeof part === "object" && "$template" in part ? part.$template : [part]) {
      const last = flat.at(-1);
      if (typeof piece === "string" && typeof last === "string")
        flat[flat.length - 1] = last + piece;
      else if (piece !== "") flat.push(piece);
    }
  }
  if (flat.length === 0) return "";
  return flat.length === 1 && typeof flat[0] === "string" ? flat[0] : { $template: flat };
}

/** JSON with sorted keys and no spaces: the form that is hashed and compared. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  let text = "";
  // Whole repositories of plans are hashed in this form: no arrays in between.
  if (Array.isArray(value)) {
    for (const item of value) text += `${text && ","}${canonicalJson(item)}`;
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member !== undefined) text += `${text && ","}${quoted(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** A text as JSON; of a short plain one that is the text between quotes, which is found faster than `stringify` begins. */
const quoted = (text: string): string =>
  text.length < 64 && PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
const PLAIN = /^[ !#-[\]-~]*$/;
