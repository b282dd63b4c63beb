import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { formOf, readSdk, sdkOf } from "../../../stacks/providers/rehearsal/sdk.ts";
import models from "./botocore.json" with { type: "json" };
import { disagreements, type Model } from "./disagreements.ts";
import byHand from "./facts-by-hand.json" with { type: "json" };
import schema from "./facts.json" with { type: "json" };
import { limitsOf } from "./rule.ts";
import { spellings, tablesOf } from "./tables.ts";
import { AWS_TYPES } from "./types.ts";

const sdk = sdkOf("aws")!;
const { types } = tablesOf();

test("every property of the schema has found its name in the SDK", () => {
  const schemas = { ...schema.types, ...byHand.types } as Record<string, { properties: object }>;
  const lost = Object.entries(AWS_TYPES).flatMap(([type, name]) => {
    const known = types[`aws:${type}`]!.properties;
    return Object.keys(schemas[name]!.properties)
      .filter((attribute) => !spellings(attribute).some((one) => known[one]))
      .map((attribute) => `${name}.${attribute}`);
  });
  expect(lost.filter((one) => !one.endsWith(".id"))).toEqual([]);
});

test("force-new of the schema arrives in the tables, property by property", () => {
  const schemas = schema.types as Record<
    string,
    { properties: Record<string, { forceNew?: boolean; optional?: boolean; required?: boolean }> }
  >;
  for (const [type, name] of Object.entries(AWS_TYPES)) {
    const known = types[`aws:${type}`]!.properties;
    for (const [attribute, { forceNew, optional, required }] of Object.entries(
      schemas[name]?.properties ?? {},
    )) {
      const property = spellings(attribute).find((one) => known[one]);
      if (property === undefined || !(optional || required)) continue;
      expect(known[property]?.replaces === true, `${type} ${property}`).toBe(forceNew === true);
    }
  }
});

test("declarations are read as TypeScript's own parser reads them", () => {
  for (const type of Object.keys(AWS_TYPES)) {
    const [module = "", name = ""] = type.split(":");
    const text = readFileSync(join(sdk.folder, `${module}.d.ts`), "utf8");
    const read = readSdk(sdk.folder, type)!;
    const inputs = new Map<string, string>();
    const outputs = new Map<string, string>();
    const source = ts.createSourceFile("x.d.ts", text, ts.ScriptTarget.Latest);
    const keep = (into: Map<string, string>, member: ts.Node): void => {
      if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) return;
      const property = member.name.getText(source);
      const optional = member.questionToken ? " | undefined" : "";
      into.set(property, `${member.type!.getText(source).replaceAll(/\s+/g, " ")}${optional}`);
    };
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement) && statement.name.text === `${name}Args`)
        for (const member of statement.members) keep(inputs, member);
      if (ts.isClassDeclaration(statement))
        for (const member of statement.members) keep(outputs, member);
    }
    const forms = (read: ReadonlyMap<string, string>): object =>
      Object.fromEntries([...read].map(([property, form]) => [property, formOf(form)]).sort());
    expect([type, forms(read.inputs)]).toEqual([type, forms(inputs)]);
    expect([type, forms(read.outputs)]).toEqual([type, forms(outputs)]);
  }
});

describe("what a validator says", () => {
  test.each([
    ['expected x to be one of ["a" "b"]', { oneOf: ["a", "b"] }],
    ["expected x to be one of [1 7]", { oneOf: [1, 7] }],
    ["expected x to be in the range (0 - 35)", { range: [0, 35] }],
    ["expected x to be at least (1)", { range: [1, null] }],
    ["expected length of x to be in the range (1 - 255)", { length: [1, 255] }],
    ['"x" (<value>) is an invalid ARN: arn: invalid prefix', { form: "arn" }],
    [
      'first character of "x" must be a letter;only lowercase alphanumeric characters and hyphens allowed in "x"',
      { matches: "^[a-z][a-z0-9-]*$" },
    ],
    ["expected x to be in the range (1 - 2);expected x to be one of [9]", {}],
    ["something that nobody has seen before", {}],
  ])("%s", (rule, limits) => {
    expect(limitsOf(rule)).toEqual(limits);
  });
});

describe("the service models", () => {
  const all = models.types as unknown as Readonly<Record<string, Model>>;

  test("speak of properties that the tables have", () => {
    for (const [type, { members }] of Object.entries(all))
      for (const property of Object.keys(members))
        expect(types[`aws:${type}`]?.properties[property], `${type} ${property}`).toBeDefined();
  });

  test("agree that what AWS requires is required, or made by the provider", () => {
    const missing = Object.entries(all).flatMap(([type, { members }]) =>
      Object.entries(members)
        .filter(([property, { required }]) => {
          const facts = types[`aws:${type}`]!.properties[property]!;
          return required && facts.use === "optional" && facts.default === undefined;
        })
        .map(([property]) => `${type} ${property}`),
    );
    expect(missing).toEqual(WITHOUT_REASON);
  });

  test("disagree where they are made to", () => {
    const facts = {
      replacementKnown: true,
      properties: { a: { is: "text", use: "required", oneOf: ["x"], replaces: true } },
    } as const;
    const model: Model = {
      operation: "s Create",
      updates: ["Update"],
      members: { a: { member: "A", updatable: true, enum: ["x", "y"] } },
    };
    const found = disagreements({ "aws:t": facts as never }, { t: model });
    expect(found.map(({ about }) => about)).toEqual(["required", "replacement", "values"]);
    expect(found[2]).toMatchObject({ tables: "", botocore: "also y" });
  });
});

/** Required by AWS, optional in the provider's schema, and without a default. */
const WITHOUT_REASON: readonly string[] = [];
