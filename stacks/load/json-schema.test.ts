import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { editorSchemas } from "./json-schema.ts";

const root = path.resolve(import.meta.dirname, "../..");
const schemas = editorSchemas();

/** Compiled; editors ignore keywords and formats that they do not know, and so does this. */
const validator = (file: string) => {
  const schema = schemas[file];
  if (!schema) throw new Error(`no schema ${file}`);
  return new Ajv({ strict: false, logger: false, validateFormats: false }).compile(schema);
};

const documents = (schema: string): string[] =>
  schema.startsWith("environments/")
    ? readdirSync(path.join(root, "environments"))
        .filter((name) => name.endsWith(".yaml"))
        .map((name) => `environments/${name}`)
    : readdirSync(path.join(root, "services"), { recursive: true, encoding: "utf8" })
        .filter((name) =>
          name.endsWith(schema.includes("release") ? "/release.yaml" : "/service.yaml"),
        )
        .map((name) => `services/${name}`);

/** Fields of every document; their names say all there is to say. */
const PLAIN = new Set([".apiVersion", ".kind", ".metadata", ".spec"]);

/** Paths of the fields that have no description. */
function undescribed(schema: unknown, at: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties = {}, ...rest } = schema as { properties?: Record<string, object> };
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      ...("description" in field || PLAIN.has(`${at}.${name}`) ? [] : [`${at}.${name}`]),
      ...undescribed(field, `${at}.${name}`),
    ]),
    ...Object.values(rest).flatMap((part) => undescribed(part, at)),
  ];
}

describe.each(Object.keys(schemas))("%s", (file) => {
  const validate = validator(file);

  it("takes the documents of this repository", () => {
    const found = documents(file);
    expect(found.length).toBeGreaterThan(2);
    for (const document of found) {
      validate(parse(readFileSync(path.join(root, document), "utf8")));
      expect([document, validate.errors]).toEqual([document, null]);
    }
  });

  it("says of every field what it means", () => {
    expect(undescribed(schemas[file], "")).toEqual([]);
  });

  it("is plain JSON that names a draft", () => {
    expect(JSON.parse(JSON.stringify(schemas[file]))).toMatchObject({
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      additionalProperties: false,
    });
  });
});

describe("services/service.schema.json", () => {
  const validate = validator("services/service.schema.json");
  const request = (spec: object) => ({
    apiVersion: "platform.company.com/v1",
    kind: "ServiceRequest",
    metadata: { name: "user-service" },
    spec: { type: "microservice", ...spec },
  });

  it.each([
    ["an unknown field", { databse: "postgresql" }],
    ["a value that is not allowed", { language: "cobol" }],
    ["a number for text", { env: { PORT: 8080 } }],
    [
      "a part of the wrong type in an override",
      { environments: { local: { scaling: { min: "one" } } } },
    ],
  ])("refuses %s", (_, spec) => {
    expect(validate(request({}))).toBe(true);
    expect(validate(request(spec))).toBe(false);
  });

  it("takes overrides that give some fields of a map only", () => {
    expect(validate(request({ environments: { local: { scaling: { min: 1 } } } }))).toBe(true);
  });
});
