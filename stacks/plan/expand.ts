import { nearest } from "../contract/nearest.ts";
import { parsePlaceholders, type Placeholder } from "../contract/placeholder.ts";
import { FairwayError, type Problem } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";
import { canonicalJson, isTemplate, joinText, type Json, type Text } from "../contract/value.ts";
import { identityOf } from "./names.ts";
import { problemAt } from "./origins.ts";

/** Outputs of a driver by name. */
export type Outputs = Readonly<Record<string, Text | Json>>;

/** What the placeholders of a service may name. */
export interface Scope {
  readonly service: Service;
  /** Resource → outputs; absent: it has a problem of its own, which is told elsewhere. */
  readonly outputs: ReadonlyMap<string, Outputs>;
  /** Takes what is wrong. */
  readonly problems: Problem[];
}

/**
 * A text with its placeholders filled in: `${metadata.…}` and `${resources.<name>.<output>}`, `${resources.<name>}` as
 * the resource's identity. What is not text is written as JSON. Secrets and what is not known yet stay references.
 * @param at Path of the text in the model, for problems.
 */
export function expand(text: string, scope: Scope, at: string): Text {
  if (!text.includes("$")) return text;
  const parsed = parsePlaceholders(text);
  if (parsed.errors) {
    for (const { message, hint } of parsed.errors)
      scope.problems.push(problemAt(scope.service, at, "FW1207", message, hint));
    return text;
  }
  return joinText(
    parsed.parts.map((part) => (typeof part === "string" ? part : valueOf(part, scope, at))),
  );
}

/** The same for every text in a value, which must be known before anything runs. */
export function expandJson(value: Json, scope: Scope, at: string): Json {
  if (typeof value === "string") return known(expand(value, scope, at), scope, at);
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item, index) =>
      expandJson(item, scope, `${at}.${index}`),
    );
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      expandJson(member as Json, scope, `${at}.${key.replaceAll(".", "\\.")}`),
    ]),
  );
}

function known(text: Text, scope: Scope, at: string): string {
  if (!isTemplate(text)) return text;
  const names = text.$template.flatMap((part) =>
    typeof part === "string" ? [] : [`${part.ref}.${part.output}`],
  );
  scope.problems.push(
    problemAt(
      scope.service,
      at,
      "FW3005",
      `${names.join(" and ")} is known only while the stack runs, and this must be known before`,
      "use it in a variable or a file instead",
    ),
  );
  return "";
}

/** Names of the resources that placeholders of a value name. */
export function resourcesIn(value: Json): string[] {
  if (typeof value === "string")
    return (
      parsePlaceholders(value).parts?.flatMap((part) =>
        typeof part !== "string" && part.path[0] === "resources" ? [part.path[1]] : [],
      ) ?? []
    );
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value as Readonly<Record<string, Json>>).flatMap(resourcesIn);
}

function valueOf({ path }: Placeholder, scope: Scope, at: string): Text {
  const [root, name, ...rest] = path;
  if (root === "metadata")
    return encode(walk(scope.service.metadata, [name, ...rest], path, scope, at));
  const use = Object.hasOwn(scope.service.uses, name) ? scope.service.uses[name] : undefined;
  if (!use) return unknown(name, Object.keys(scope.service.uses), "FW1208", path, scope, at);
  if (rest.length === 0) return identityOf(scope.service.name, name, use);
  const outputs = scope.outputs.get(name);
  return outputs ? encode(walk(outputs, rest, path, scope, at)) : "";
}

/** Follows keys into a value; an unknown key is a problem and gives undefined. */
function walk(
  from: Outputs,
  keys: readonly string[],
  path: readonly string[],
  scope: Scope,
  at: string,
): Text | Json | undefined {
  let value: Text | Json = from as Json;
  for (const key of keys) {
    if (
      typeof value !== "object" ||
      value === null ||
      isTemplate(value) ||
      !Object.hasOwn(value, key)
    ) {
      const known =
        typeof value === "object" && value !== null && !isTemplate(value) ? Object.keys(value) : [];
      unknown(key, known, path[0] === "metadata" ? "FW1208" : "FW3004", path, scope, at);
      return undefined;
    }
    value = (value as Readonly<Record<string, Json>>)[key] as Json;
  }
  return value;
}

/** Tells of a name that a placeholder cannot mean; its place stays empty. */
function unknown(
  name: string,
  known: readonly string[],
  code: "FW1208" | "FW3004",
  path: readonly string[],
  scope: Scope,
  at: string,
): "" {
  const near = nearest(name, known);
  const names = [...known].sort().join(", ") || "nothing";
  scope.problems.push(
    problemAt(
      scope.service,
      at,
      code,
      `\${${path.join(".")}} names the unknown ${name}: known here: ${names}`,
      near && `did you mean ${near}?`,
    ),
  );
  return "";
}

/** An output as text: JSON, unless it is text already. */
export function encode(value: Text | Json | undefined): Text {
  if (value === undefined) return "";
  return typeof value === "string" || isTemplate(value) ? value : canonicalJson(value);
}

/** Throws everything that was found, if anything was. */
export function throwAll(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new FairwayError(problems);
}
