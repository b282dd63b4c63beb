import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Json } from "../kubernetes/json.ts";
import type { Properties, Property, TypeFacts } from "./facts.ts";

/** A resource type as the SDK's own package states it. */
export interface SdkType {
  /** Property → text of its TypeScript type, where it may be given. */
  inputs: ReadonlyMap<string, string>;
  /** Property → text of its TypeScript type, for all. */
  outputs: ReadonlyMap<string, string>;
  required: ReadonlySet<string>;
  secret: ReadonlySet<string>;
  /** What the SDK itself fills in. */
  defaults: ReadonlyMap<string, Json>;
}

/** Folder and version of an installed `@pulumi/<name>`; undefined where it is not installed. */
export function sdkOf(name: string): { folder: string; version: string } | undefined {
  try {
    const file = createRequire(import.meta.url).resolve(`@pulumi/${name}/package.json`);
    const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
    return { folder: dirname(file), version };
  } catch {
    return undefined;
  }
}

/**
 * Reads one type, such as `rds/instance:Instance`, from an installed SDK: its JavaScript says what may be given, what
 * is required and what is secret, its declarations say the types. Undefined where the SDK has no such file.
 */
export function readSdk(folder: string, type: string): SdkType | undefined {
  const [module = "", name = ""] = type.split(":");
  const path = join(folder, module.replace(/^index\//, ""));
  if (!/^[\w/.-]+$/.test(module) || !existsSync(`${path}.js`)) return undefined;
  const code = readFileSync(`${path}.js`, "utf8");
  const declared = withoutComments(readFileSync(`${path}.d.ts`, "utf8"));
  const begin = code.indexOf("const args = argsOrState");
  const creation = code.slice(begin === -1 ? code.indexOf("let resourceInputs = {}") : begin);
  const types = membersOf(declared, `export interface ${name}Args {`);
  const inputs = new Map<string, string>();
  const secret = new Set<string>();
  const defaults = new Map<string, Json>();
  for (const [, property = "", value = ""] of creation.matchAll(
    /resourceInputs\["(\w+)"\] = (.+);$/gm,
  )) {
    if (value.startsWith("undefined")) continue;
    inputs.set(property, types.get(property) ?? "any");
    if (value.includes("pulumi.secret(")) secret.add(property);
    const filled = /\?\? ("[^"]*"|[\d.]+|true|false)$/.exec(value)?.[1];
    if (filled !== undefined) defaults.set(property, JSON.parse(filled) as Json);
  }
  for (const [, list = ""] of code.matchAll(/additionalSecretOutputs: \[(.*?)\]/g))
    for (const [, property = ""] of list.matchAll(/"(\w+)"/g)) secret.add(property);
  return {
    inputs,
    outputs: membersOf(declared, `export declare class ${name} extends`, "constructor("),
    required: new Set(
      [...creation.matchAll(/Missing required property '(\w+)'/g)].map(([, p = ""]) => p),
    ),
    secret,
    defaults,
  };
}

/** The text without its documentation comments, whose examples look like code. */
export const withoutComments = (text: string): string => text.replace(/\/\*\*[\s\S]*?\*\//g, "");

/** Property → type text of the declaration that begins with `opening`, in text without comments. */
export function membersOf(text: string, opening: string, closing = "\n}"): Map<string, string> {
  const begin = text.indexOf(opening);
  if (begin === -1) return new Map();
  const body = text.slice(begin, text.indexOf(closing, begin));
  // A type of several lines, such as a map, ends in a line that begins like its first.
  const found = [
    ...body.matchAll(/^( +)(?:readonly )?(\w+)(\?)?: (.*(?:\{\n(?:\1 .*\n)+\1\}.*)?);$/gm),
  ];
  return new Map(
    found.map(([, , name = "", optional, type = ""]) => [
      name,
      `${type.replaceAll(/\s+/g, " ")}${optional ? " | undefined" : ""}`,
    ]),
  );
}

/** A TypeScript type in our words; `of` is the name of a nested type in the SDK, such as `rds.InstanceS3Import`. */
export function formOf(text: string): { is: Property["is"]; optional: boolean; of?: string } {
  let rest = text.trim();
  let optional = false;
  for (;;) {
    const inner = /^pulumi\.(?:Input|Output)<(.*)>$/.exec(rest)?.[1];
    if (inner !== undefined && isBalanced(inner)) rest = inner;
    else if (rest.endsWith(" | undefined")) {
      rest = rest.slice(0, -" | undefined".length);
      optional = true;
    } else break;
  }
  // A text that may also be given as an object, such as a policy, is kept as a text.
  if (rest.startsWith("string |")) return { is: "text", optional };
  const of = /\b(?:inputs|outputs)\.([\w.]+)/.exec(rest)?.[1];
  const named = of === undefined ? {} : { of };
  if (rest.endsWith("[]")) return { is: "list", optional, ...named };
  if (rest.startsWith("{")) return { is: "map", optional };
  if (of !== undefined) return { is: "object", optional, of };
  if (/^number\b/.test(rest)) return { is: "number", optional };
  if (/^boolean\b/.test(rest)) return { is: "flag", optional };
  if (rest === "any") return { is: "any", optional };
  return { is: "text", optional };
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    if (sign === "<") depth++;
    if (sign === ">" && --depth < 0) return false;
  }
  return depth === 0;
}

/** How a property is used: what may be left out and never comes back undefined is chosen by the cloud. */
export function useOf(sdk: SdkType, name: string): Property["use"] {
  const input = sdk.inputs.has(name);
  if (!input) return "output";
  if (sdk.required.has(name)) return "required";
  const output = sdk.outputs.get(name);
  return output !== undefined && !formOf(output).optional ? "computed" : "optional";
}

/** Facts of a type that no table knows: everything but replacement and limits. */
export function factsOfSdk(sdk: SdkType): TypeFacts {
  const properties: Properties = {};
  for (const name of new Set([...sdk.inputs.keys(), ...sdk.outputs.keys()])) {
    const { is } = formOf(sdk.inputs.get(name) ?? sdk.outputs.get(name) ?? "any");
    const filled = sdk.defaults.get(name);
    properties[name] = {
      is,
      use: useOf(sdk, name),
      ...(sdk.secret.has(name) && { secret: true }),
      ...(filled !== undefined && { default: filled }),
    };
  }
  return { replacementKnown: false, properties };
}
