import type { z } from "zod";
import { joinPath, type Path } from "../contract/path.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { Code } from "../contract/codes.ts";
import type { Position } from "../contract/origin.ts";
import type { Json } from "../contract/value.ts";
import { fieldsAt } from "./schema-fields.ts";
import { choiceOf, closest, didYouMean, listOf } from "./suggest.ts";
import type { Place } from "./yaml.ts";

type Issue = z.core.$ZodIssue;

/** Where the value that was judged came from. */
export interface Judged {
  readonly value: Json | undefined;
  /** What was written and is not in the value, or not as it was written: what follows from that is no issue. */
  readonly refused: readonly Path[];
  /** What an override took away. Default nothing. */
  readonly removed?: readonly Path[];
  /** File, line and column, and the path as it stands in that file. */
  at(path: Path, place: Place): Position & { readonly path: string };
  /** Source text of a scalar. */
  written(path: Path): string | undefined;
}

/** Every issue of a schema as a problem; unions are reduced to the branch that fits best. */
export function problemsOf(
  issues: readonly Issue[],
  schema: z.core.$ZodType,
  judged: Judged,
): Problem[] {
  return simplified(issues, judged)
    .filter((issue) => !follows(issue, judged))
    .flatMap((issue) => explain(issue, schema, judged));
}

/** Issues of a schema, with unions reduced to the branch that fits best. */
export const simplified = (issues: readonly Issue[], { value }: Judged): Issue[] =>
  issues.flatMap((issue) => simplify(issue, value));

/** Whether an issue is there only because something was refused: at its place, around it, or for want of a field in it. */
function follows(issue: Issue, { value, refused }: Judged): boolean {
  if (issue.code === "unrecognized_keys" || issue.code === "invalid_key") return false;
  const path = issue.path as Path;
  const parent = valueAt(value, path) === undefined ? path.slice(0, -1) : undefined;
  return refused.some((one) => isUnder(one, path) || (parent && isSame(one, parent)));
}

const isUnder = (path: Path, parent: Path): boolean =>
  parent.every((part, index) => String(part) === String(path[index]));

const isSame = (a: Path, b: Path): boolean => a.length === b.length && isUnder(a, b);

/** Whether one of the paths is a path, stands in it or around it. */
export const touches = (paths: readonly Path[], path: Path): boolean =>
  paths.some((one) => isUnder(one, path) || isUnder(path, one));

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map of fields",
  record: "a map of names",
  array: "a list",
  null: "nothing",
};

/** Free-form values there may be secrets, and are never repeated in a message. */
const PRIVATE = new Set([
  "env",
  "variables",
  "params",
  "content",
  "binaryContent",
  "merge",
  "command",
  "args",
  "value",
]);

function explain(issue: Issue, schema: z.core.$ZodType, judged: Judged): Problem[] {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => {
      const fields = fieldsAt(schema, path).filter((field) => field !== key);
      const meant = elsewhere(key, fields)?.hint ?? didYouMean(key, fields);
      const allowed = listOf(fields, "and", meant ? undefined : Infinity);
      return report("FW1101", judged, [...path, key], "key", {
        message: `unknown field ${key}: ${fields.length > 0 ? `allowed are ${allowed}` : "no field is allowed here"}`,
        hint: meant ?? "leave it out",
      });
    });
  const name = path.length > 0 ? String(path.at(-1)) : "the document";
  if (issue.code === "invalid_key")
    return [
      report("FW1104", judged, path, "key", {
        message: `the name ${name} is not allowed: expected ${issue.issues.map((inner) => allowedBy(inner)).join("; ")}`,
        hint: isPrivate(path) ? undefined : repaired(issue.issues, name),
      }),
    ];
  const value = valueAt(judged.value, path);
  const missing = value === undefined && path.length > 0;
  const removed = judged.removed?.find(
    (one) => isSame(one, path) || (issue.code === "custom" && isSame(one.slice(0, -1), path)),
  );
  if (missing)
    return [
      report("FW1102", judged, removed ?? path.slice(0, -1), "key", {
        message: `${name} is missing: expected ${allowedBy(issue)}`,
        path,
        hint: removed
          ? KEEP
          : `add ${name}${path.length > 1 ? ` under ${String(path.at(-2))}` : ""}`,
      }),
    ];
  const type = issue.code === "invalid_type" || issue.code === "invalid_union";
  return [
    report(type ? "FW1103" : "FW1104", judged, removed ?? path, removed ? "key" : "value", {
      message: `${name} is ${shown(value, path)}: expected ${allowedBy(issue)}`,
      hint: removed ? KEEP : hintFor(issue, value, path, judged),
    }),
  ];
}

/** What to do about an override that takes away what is needed. */
const KEEP = "leave this override out";

/** What other tools call a field → the field here, and what to write. */
const ELSEWHERE: Readonly<Record<string, readonly [field: string, hint: string]>> = {
  replica: ["scaling", "write scaling: {min: 2, max: 4}"],
  replicas: ["scaling", "write scaling: {min: 2, max: 4}"],
  instances: ["scaling", "write scaling: {min: 2, max: 4}"],
  dependson: ["uses", "write uses: {other: {type: service}}"],
  depends_on: ["uses", "write uses: {other: {type: service}}"],
  dependencies: ["uses", "write uses: {other: {type: service}}"],
  environment: ["env", "write env: {NAME: value}"],
  variables: ["env", "write env: {NAME: value}"],
  ingress: ["route", "write route: {path: /}"],
  cron: ["schedule", 'write schedule: "15 2 * * *"'],
  owner: ["annotations", "write it under spec"],
};

function elsewhere(
  key: string,
  fields: readonly string[],
): { field: string; hint: string } | undefined {
  const [field, hint] = ELSEWHERE[key.toLowerCase()] ?? [];
  return field !== undefined && fields.includes(field) ? { field, hint: hint! } : undefined;
}

/** The field that an unknown one is most likely meant to be. */
export function meantBy(key: string, schema: z.core.$ZodType, path: Path): string | undefined {
  const fields = fieldsAt(schema, path);
  return elsewhere(key, fields)?.field ?? closest(key, fields);
}

function report(
  code: Code,
  judged: Judged,
  at: Path,
  place: Place,
  said: { message: string; hint?: string | undefined; path?: Path },
): Problem {
  const position = judged.at(at, place);
  return problem(code, said.message, {
    ...position,
    ...(said.path && said.path.length > at.length
      ? { path: [position.path, joinPath(said.path.slice(at.length))].filter(Boolean).join(".") }
      : {}),
    ...(said.hint && { hint: said.hint }),
  });
}

/** What an issue would have taken, after the word "expected". */
function allowedBy(issue: Issue): string {
  if (issue.message?.startsWith("expected ")) return issue.message.slice("expected ".length);
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? issue.expected;
    case "invalid_value":
      return choiceOf(issue.values.map(String));
    case "too_small":
    case "too_big":
      return bound(issue);
    case "invalid_format":
      return issue.format === "starts_with"
        ? `text that begins with ${String((issue as { prefix?: string }).prefix)}`
        : issue.format === "date"
          ? "a date such as 2026-12-31"
          : issue.format === "url"
            ? "a URL such as https://example.com"
            : `text of the form ${issue.pattern ?? issue.format}`;
    case "invalid_union":
      return [...new Set(issue.errors.flat().map(allowedBy))].join(" or ") || "another value";
    case "unrecognized_keys":
      return "no further fields";
    default:
      return issue.message;
  }
}

function bound(issue: Extract<Issue, { code: "too_small" | "too_big" }>): string {
  const [word, limit] =
    issue.code === "too_small"
      ? [issue.inclusive === false ? "more than" : "at least", issue.minimum]
      : [issue.inclusive === false ? "less than" : "at most", issue.maximum];
  const unit =
    issue.origin === "string"
      ? " characters"
      : issue.origin === "array"
        ? " entries"
        : issue.origin === "object" || issue.origin === "record"
          ? " fields"
          : "";
  return `${word} ${String(limit)}${unit}`;
}

/** A value as a message shows it; the kind only, where it may be a secret. */
function shown(value: unknown, path: Path): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const kind = typeof value === "string" ? "a text" : `a ${typeof value}`;
  if (isPrivate(path)) return kind;
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return typeof value === "string"
    ? text.length > 60
      ? `a text of ${value.length} characters`
      : `the text ${text}`
    : `the ${typeof value} ${text}`;
}

/** Whether what stands there may be a secret. */
export const isPrivate = (path: Path): boolean => path.some((part) => PRIVATE.has(String(part)));

function hintFor(issue: Issue, value: unknown, path: Path, judged: Judged): string | undefined {
  if (value === null) return "write a value, or leave the field out";
  if (issue.code === "invalid_value" && (typeof value === "string" || typeof value === "boolean"))
    return (
      synonym(String(value), issue.values) ?? didYouMean(String(value), issue.values.map(String))
    );
  if (typeof value === "string" && !isPrivate(path)) {
    const hint = repaired([issue], value);
    if (hint) return hint;
  }
  if (issue.code !== "invalid_type") return undefined;
  const { expected } = issue;
  if (expected === "string" && (typeof value === "number" || typeof value === "boolean"))
    return isPrivate(path)
      ? "write it in quotes"
      : `write "${judged.written(path) ?? String(value)}" in quotes`;
  if ((expected === "number" || expected === "int") && typeof value === "string")
    return value.trim() !== "" && Number.isFinite(Number(value))
      ? `write ${value} without quotes`
      : undefined;
  if (expected === "boolean" && typeof value === "string")
    return /^(yes|on|y|true)$/i.test(value)
      ? "write true"
      : /^(no|off|n|false)$/i.test(value)
        ? "write false"
        : undefined;
  if (expected === "array" && typeof value === "string" && !isPrivate(path))
    return `write [${JSON.stringify(value)}]`;
  return undefined;
}

/** Near spellings of a refused text that each of the issues would take: `1GB` → `1Gi or 1G`, `User_Service` → `user-service`. */
function repaired(issues: readonly Issue[], text: string): string | undefined {
  if (text.length > 100) return undefined;
  const takes = issues.map(testOf);
  const amount = /^(\d+(?:\.\d+)?)\s*([kmgtpe])(i?)b?$/i.exec(text);
  const [, number = "", unit = ""] = amount ?? [];
  const near = amount
    ? [`${number}${unit.toUpperCase()}i`, ...(amount[3] ? [] : [`${number}${unit.toUpperCase()}`])]
    : [
        text
          .trim()
          .toLowerCase()
          .replace(/[\s_]+/g, "-"),
      ];
  const fit = near.filter((word) => word !== text && takes.every((test) => test?.(word)));
  return fit.length > 0 ? `write ${choiceOf(fit)}` : undefined;
}

/** Whether a text would have been taken, where an issue says so. */
function testOf(issue: Issue): ((text: string) => boolean) | undefined {
  if (issue.code === "custom")
    return issue.params?.["takes"] as ((text: string) => boolean) | undefined;
  if (issue.code !== "invalid_format" || issue.format !== "regex" || !issue.pattern)
    return undefined;
  const [, source = "", flags] = /^\/(.*)\/(\w*)$/s.exec(issue.pattern) ?? [];
  return (text) => new RegExp(source, flags).test(text);
}

/** `yes` and `true` for an `enabled`, and the like. */
function synonym(value: string, values: readonly unknown[]): string | undefined {
  const word = /^(yes|on|true|y)$/i.test(value)
    ? "enabled"
    : /^(no|off|false|n)$/i.test(value)
      ? "disabled"
      : undefined;
  return word !== undefined && values.includes(word) ? `write ${word}` : undefined;
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, part))
      return undefined;
    current = (current as Record<string | number, unknown>)[part];
  }
  return current;
}

/** A union's issue as the issues of its best branch; others as they are. */
function simplify(issue: Issue, root: unknown): Issue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const value = valueAt(root, issue.path as Path);
  if (value === undefined) return [issue];
  const ranked = issue.errors
    .map((errors, index) => ({ errors, index, rank: rank(errors, value) }))
    .sort((a, b) => b.rank - a.rank || a.index - b.index);
  const best = ranked[0];
  // No branch takes this type of value: say all that are possible.
  if (!best || best.rank <= MISFIT) return [issue];
  return mergeChoices(best.errors, issue.errors)
    .map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue)
    .flatMap((inner) => simplify(inner, root));
}

const MISFIT = -1e6;

/** Higher fits better: known fields count for a branch, wrong choices and missing fields against it. */
function rank(errors: readonly Issue[], value: unknown): number {
  if (errors.some((error) => error.path.length === 0 && error.code === "invalid_type"))
    return MISFIT;
  let points = 0;
  for (const error of errors) {
    if (error.code === "unrecognized_keys") points -= 2 * error.keys.length;
    else if (error.code === "invalid_value" && valueAt(value, error.path as Path) !== undefined)
      points -= 10;
    else points -= 1;
  }
  const unknown = errors.flatMap((error) =>
    error.code === "unrecognized_keys" && error.path.length === 0 ? error.keys : [],
  );
  const missing = errors.flatMap((error) =>
    error.path.length === 1 && valueAt(value, error.path as Path) === undefined
      ? [String(error.path[0])]
      : [],
  );
  // A mistyped field speaks for the branch that has it.
  for (const key of unknown) if (closest(key, missing) !== undefined) points += 5;
  return points;
}

/** Where every branch refuses the same choice (`provider: asw`), the choices of all of them are allowed. */
function mergeChoices(best: readonly Issue[], all: readonly (readonly Issue[])[]): Issue[] {
  return best.map((issue) => {
    if (issue.code !== "invalid_value") return issue;
    const path = issue.path.join("\0");
    const same = all.map((errors) =>
      errors.find((other) => other.code === "invalid_value" && other.path.join("\0") === path),
    );
    if (same.some((other) => other === undefined)) return issue;
    const values = same.flatMap((other) =>
      other?.code === "invalid_value" ? [...other.values] : [],
    );
    return { ...issue, values: [...new Set(values)] };
  });
}
