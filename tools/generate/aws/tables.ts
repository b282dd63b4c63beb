import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../../stacks/providers/kubernetes/json.ts";
import type {
  Properties,
  Property,
  Tables,
  TypeFacts,
} from "../../../stacks/providers/rehearsal/facts.ts";
import {
  formOf,
  membersOf,
  readSdk,
  sdkOf,
  useOf,
  withoutComments,
} from "../../../stacks/providers/rehearsal/sdk.ts";
import { JSON_MARKER, type Outputs } from "../outputs.ts";
import schema from "./facts.json" with { type: "json" };
import byHand from "./facts-by-hand.json" with { type: "json" };
import { limitsOf } from "./rule.ts";
import { AWS_TYPES } from "./types.ts";

/** A property in the words of the Terraform provider's schema. */
interface Attribute {
  type?: string;
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  forceNew?: boolean;
  sensitive?: boolean;
  writeOnly?: boolean;
  default?: Json;
  conflictsWith?: string[];
  exactlyOneOf?: string[];
  atLeastOneOf?: string[];
  requiredWith?: string[];
  minItems?: number;
  maxItems?: number;
  rule?: string;
  elementRule?: string;
  block?: Attributes;
}
type Attributes = Record<string, Attribute>;
interface Schema {
  customizeDiff?: boolean;
  properties: Attributes;
}

const SCHEMAS = { ...schema.types, ...byHand.types } as unknown as Readonly<Record<string, Schema>>;

/** Where generated tables stand. */
const FILE = "stacks/providers/rehearsal/tables.json";

/** The tables of the rehearsal provider, as they are committed. */
export function awsTables(): Outputs {
  const { source, types } = tablesOf();
  return { [FILE]: written(source, types) };
}

let made: Tables | undefined;

/** The facts of the schema under the names and types of the installed SDK. */
export function tablesOf(): Tables {
  made ??= combine();
  return made;
}

function combine(): Tables {
  const sdk = sdkOf("aws");
  if (!sdk) throw new Error("@pulumi/aws is not installed");
  const nested = nestedTypes(sdk.folder);
  const types = Object.fromEntries(
    Object.entries(AWS_TYPES).map(([type, name]) => [
      `aws:${type}`,
      factsOf(sdk.folder, type, name, nested),
    ]),
  );
  const source = {
    "@pulumi/aws": `${sdk.version}: inputs, outputs, required, types, top-level secrets`,
    "Terraform AWS provider":
      "6.47.1, its schema: replacement, defaults, conflicts, limits, nested secrets",
    "AWS CloudFormation":
      "resource schemas in cfn-lint 1.58.0: what can only be set at creation, for EFS and Backup",
  };
  return { source, types };
}

/** Reads nested types of the SDK, each once. */
type Nested = (kind: "input" | "output", name: string) => Map<string, string>;

function nestedTypes(folder: string): Nested {
  const namespaces = new Map<string, string>();
  for (const kind of ["input", "output"] as const) {
    const text = readFileSync(join(folder, `types/${kind}.d.ts`), "utf8");
    for (const part of text.split("\nexport declare namespace ").slice(1)) {
      const name = part.slice(0, part.indexOf(" {"));
      namespaces.set(`${kind} ${name}`, part);
    }
  }
  const cleaned = new Map<string, string>();
  return (kind, name) => {
    const [namespace = "", type = ""] = name.split(".");
    const key = `${kind} ${namespace}`;
    if (!cleaned.has(key)) cleaned.set(key, withoutComments(namespaces.get(key) ?? ""));
    return membersOf(cleaned.get(key) ?? "", `    interface ${type} {`, "\n    }");
  };
}

function factsOf(folder: string, type: string, name: string, nested: Nested): TypeFacts {
  const sdk = readSdk(folder, type);
  const facts = SCHEMAS[name];
  if (!sdk) throw new Error(`the SDK has no ${type}`);
  if (!facts) throw new Error(`there are no facts of ${name}`);
  const names = [...new Set([...sdk.inputs.keys(), ...sdk.outputs.keys()])].sort();
  const properties = propertiesOf(
    names,
    facts.properties,
    (property) => ({
      input: sdk.inputs.get(property),
      output: sdk.outputs.get(property),
      use: useOf(sdk, property),
      secret: sdk.secret.has(property),
    }),
    nested,
  );
  return {
    replacementKnown: true,
    ...(facts.customizeDiff && { conditional: true }),
    properties,
  };
}

/** What the SDK says of one property. */
interface Said {
  input: string | undefined;
  output: string | undefined;
  use: Property["use"];
  secret: boolean;
}

function propertiesOf(
  names: readonly string[],
  attributes: Attributes,
  say: (property: string) => Said,
  nested: Nested,
  unnamed: Attribute = {},
): Properties {
  const pulumi = new Map(
    Object.keys(attributes).flatMap((attribute) => {
      const name = spellings(attribute).find((one) => names.includes(one));
      return name === undefined ? [] : [[attribute, name] as const];
    }),
  );
  const attributeOf = new Map([...pulumi].map(([attribute, name]) => [name, attribute]));
  const others = (list: string[] | undefined, self: string): string[] =>
    (list ?? [])
      .map((path) => pulumi.get(path) ?? "")
      .filter((name) => name !== "" && name !== self);
  /** The same where every name counts: nothing if one of them stands deeper, or is unknown here. */
  const allOthers = (list: string[] | undefined, self: string): string[] =>
    list?.every((path) => pulumi.has(path)) ? others(list, self) : [];
  return Object.fromEntries(
    names.map((name) => {
      const attribute = attributes[attributeOf.get(name) ?? ""] ?? unnamed;
      const said = say(name);
      const form = formOf(said.input ?? said.output ?? "any");
      const below = form.of === undefined ? undefined : nestedOf(form.of, said, attribute, nested);
      const some = <K extends keyof Property>(key: K, list: string[]) =>
        list.length > 0 && { [key]: list };
      const limits = attribute.rule === undefined ? {} : limitsOf(attribute.rule);
      const each = attribute.elementRule === undefined ? {} : limitsOf(attribute.elementRule);
      const many = form.is === "list";
      const given = said.use !== "output";
      const property: Property = {
        is: many && attribute.type === "Set" ? "set" : form.is,
        use: said.use,
        ...(attribute.forceNew && given && { replaces: true }),
        ...((said.secret || attribute.sensitive) && { secret: true }),
        ...(attribute.default !== undefined && given && { default: attribute.default }),
        ...some("conflicts", others(attribute.conflictsWith, name)),
        ...some("exactlyOne", allOthers(attribute.exactlyOneOf, name)),
        ...some("atLeastOne", allOthers(attribute.atLeastOneOf, name)),
        ...some("with", allOthers(attribute.requiredWith, name)),
        ...(many &&
          given &&
          (attribute.minItems || attribute.maxItems) && {
            items: [attribute.minItems ?? null, attribute.maxItems ?? null],
          }),
        ...(given && limits),
        ...(Object.keys(each).length > 0 && given && { each }),
        ...(below && { of: below }),
      };
      return [name, property];
    }),
  );
}

function nestedOf(name: string, said: Said, above: Attribute, nested: Nested): Properties {
  const { block, forceNew } = above;
  const inputs = said.input === undefined ? new Map<string, string>() : nested("input", name);
  const outputs = nested("output", name);
  const names = [...new Set([...inputs.keys(), ...outputs.keys()])].sort();
  return propertiesOf(
    names,
    block ?? {},
    (property) => {
      const [input, output] = [inputs.get(property), outputs.get(property)];
      const use =
        input === undefined
          ? "output"
          : !formOf(input).optional
            ? "required"
            : output !== undefined && !formOf(output).optional
              ? "computed"
              : "optional";
      return { input, output, use, secret: false };
    },
    nested,
    // A source that says nothing of what is in a block means the block as a whole.
    block === undefined && forceNew ? { forceNew } : {},
  );
}

/** Names of the schema that Pulumi changed altogether. */
const RENAMED: Readonly<Record<string, string>> = {
  // Of a subscription; it may be the topic itself.
  topic_arn: "topic",
};

/** How Pulumi may spell a name of the schema: camel case, lists in the plural, single blocks in the singular. */
export function spellings(attribute: string): string[] {
  const camel = attribute.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [
    camel,
    `${camel}s`,
    `${camel}es`,
    camel.replace(/y$/, "ies"),
    camel.replace(/s$/, ""),
    camel.replace(/ies$/, "y"),
    ...(RENAMED[attribute] === undefined ? [] : [RENAMED[attribute]]),
  ];
}

/** One property a line, so that a change can be read. */
function written(
  source: Readonly<Record<string, string>>,
  types: Readonly<Record<string, TypeFacts>>,
): string {
  const lines = Object.entries(types).map(([token, { properties, ...rest }]) => {
    const members = Object.entries(properties).map(
      ([name, property]) => `${JSON.stringify(name)}:${JSON.stringify(property)}`,
    );
    const head = JSON.stringify(rest).slice(0, -1);
    return `${JSON.stringify(token)}:${head},"properties":{\n${members.join(",\n")}\n}}`;
  });
  return `{"$comment":${JSON.stringify(JSON_MARKER)},\n"source":${JSON.stringify(source)},\n"types":{\n${lines.join(",\n")}\n}}\n`;
}
