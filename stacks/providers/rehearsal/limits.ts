import type { Refusal } from "../kubernetes/check.ts";
import { isObject, type Json, type JsonObject, type Path } from "../kubernetes/json.ts";
import { pathText } from "../kubernetes/diff.ts";
import { UNKNOWN } from "../kubernetes/values.ts";
import type { Limits, Properties, Property } from "./facts.ts";

/** Everything that the tables say against an object; values that are not known yet are let through. */
export function refusalsOf(properties: Properties, given: JsonObject, path: Path = []): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (name: string, reason: string): void =>
    void refusals.push({ property: pathText([...path, name]), reason });
  const has = (name: string): boolean => given[name] !== undefined && given[name] !== null;
  for (const name of Object.keys(given)) {
    if (name.startsWith("__") || properties[name] !== undefined) continue;
    refuse(
      name,
      `there is no property ${name} here; allowed: ${Object.keys(properties).join(", ")}`,
    );
  }
  for (const [name, property] of Object.entries(properties)) {
    if (property.use === "required" && !has(name)) refuse(name, `${name} is required`);
    const { exactlyOne, atLeastOne } = property;
    if (exactlyOne && [name, ...exactlyOne].filter(has).length !== 1 && isFirst(name, exactlyOne))
      refuse(name, `exactly one of ${[name, ...exactlyOne].join(", ")} must be given`);
    if (atLeastOne && ![name, ...atLeastOne].some(has) && isFirst(name, atLeastOne))
      refuse(name, `one of ${[name, ...atLeastOne].join(", ")} must be given`);
    if (!has(name)) continue;
    const against = property.conflicts?.filter(has) ?? [];
    if (against.length > 0) refuse(name, `${name} conflicts with ${against.join(", ")}`);
    const missing = property.with?.filter((other) => !has(other)) ?? [];
    if (missing.length > 0) refuse(name, `${name} needs ${missing.join(", ")} beside it`);
    refusals.push(...refusalsOfValue(property, given[name] ?? null, [...path, name]));
  }
  return refusals;
}

const isFirst = (name: string, others: readonly string[]): boolean =>
  others.every((other) => name < other);

function refusalsOfValue(property: Property, value: Json, path: Path): Refusal[] {
  const reasons: string[] = [];
  const below: Refusal[] = [];
  if (value === UNKNOWN) return [];
  if (!isOfForm(property.is, value)) reasons.push(`must be a ${property.is}`);
  reasons.push(...against(property, value));
  if (Array.isArray(value)) {
    const [fewest, most] = property.items ?? [null, null];
    if (fewest !== null && value.length < fewest) reasons.push(`needs at least ${fewest} items`);
    if (most !== null && value.length > most) reasons.push(`takes at most ${most} items`);
    value.forEach((item, i) => {
      for (const reason of property.each ? against(property.each, item) : [])
        below.push({ property: pathText([...path, i]), reason });
      if (property.of && isObject(item)) below.push(...refusalsOf(property.of, item, [...path, i]));
    });
  } else if (property.of && isObject(value)) below.push(...refusalsOf(property.of, value, path));
  return [...reasons.map((reason) => ({ property: pathText(path), reason })), ...below];
}

/** The engine's own conversion lets a number or a flag stand for its text, and the other way round. */
function isOfForm(is: Property["is"], value: Json): boolean {
  if (is === "list" || is === "set") return Array.isArray(value);
  if (is === "map" || is === "object") return isObject(value);
  return is === "any" || typeof value !== "object";
}

function against(limits: Limits, value: Json): string[] {
  if (value === UNKNOWN || typeof value === "object") return [];
  const reasons: string[] = [];
  const said = JSON.stringify(value);
  const { oneOf, range, length, matches, form } = limits;
  if (oneOf && !oneOf.some((one) => String(one) === String(value)))
    reasons.push(`${said} is none of ${oneOf.map((one) => JSON.stringify(one)).join(", ")}`);
  if (range && !isWithin(range, Number(value))) reasons.push(`${said} is not ${between(range)}`);
  if (typeof value !== "string") return reasons;
  if (length && !isWithin(length, value.length))
    reasons.push(`has ${value.length} characters, not ${between(length)}`);
  if (matches !== undefined && value !== "" && !regex(matches).test(value))
    reasons.push(`${said} does not match ${matches}`);
  if (form !== undefined && value !== "" && !FORMS[form](value))
    reasons.push(
      `${said} is no ${form === "arn" ? "ARN" : form === "json" ? "JSON" : form === "cidr" ? "CIDR block" : "account id (12 digits)"}`,
    );
  return reasons;
}

const FORMS: Readonly<Record<NonNullable<Limits["form"]>, (text: string) => boolean>> = {
  arn: (text) => /^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/.test(text),
  json: isJson,
  cidr: (text) => /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]+)\/\d{1,3}$/i.test(text),
  account: (text) => /^\d{12}$/.test(text),
};

/** True for the text of a JSON object or list. */
export function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

const isWithin = ([least, most]: [number | null, number | null], value: number): boolean =>
  (least === null || value >= least) && (most === null || value <= most);

const between = ([least, most]: [number | null, number | null]): string =>
  most === null ? `at least ${least}` : `from ${least} to ${most}`;

const regexes = new Map<string, RegExp>();
function regex(source: string): RegExp {
  const known = regexes.get(source);
  if (known) return known;
  const [plain, flags] = source.startsWith("(?i)") ? [source.slice(4), "i"] : [source, ""];
  const made = new RegExp(plain, flags);
  regexes.set(source, made);
  return made;
}
