import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { scoreSchema } from "../contract/score.ts";
import { cleanRoots, environmentFile, makeRoot, said } from "./root.fixture.ts";
import { loadWorkspace } from "./workspace.ts";

// Documents that other people wrote; they stand beside the checkout where the product is developed, and nowhere else.
const fixtures = path.resolve(import.meta.dirname, "../../../shared/fixtures/score");
const present = existsSync(fixtures);
if (!present) console.log("left out: Score documents of others (../shared/fixtures is absent)");

cleanRoots();

const files = present
  ? readdirSync(fixtures, { recursive: true, encoding: "utf8" })
      .filter((file) => /(^|\/)score[^/]*\.yaml$/.test(file))
      .sort()
  : [];

const text = (file: string): string => readFileSync(path.join(fixtures, file), "utf8");

/** Files that documents name and that their repository does not have; supplied here. */
const COMPANIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "examples/specification/files/score.yaml": { "fileA.txt": "I am fileA!\n" },
  "spec/score-full.yaml": { "file.txt": "some text\n" },
};

/** Documents that stand in one root: each sample folder, else each document alone. The two product files exclude each other. */
const roots = new Map<string, string[]>();
for (const file of files) {
  const sample = /^examples\/samples\/[^/]+/.exec(file)?.[0];
  const root = sample && !file.endsWith("/score.yaml") ? file : (sample ?? file);
  roots.set(root, [...(roots.get(root) ?? []), file]);
  if (root === file && sample)
    roots.set(root, [
      ...files.filter(
        (other) =>
          other.startsWith(sample) &&
          other.endsWith("/score.yaml") &&
          path.dirname(other) !== path.dirname(file),
      ),
      file,
    ]);
}

describe.runIf(present)("Score documents of others", () => {
  it("are all 43 there", () => {
    expect(files).toHaveLength(43);
    expect(files.filter((file) => file.startsWith("examples/"))).toHaveLength(41);
  });

  it.each([...roots])("load without a problem: %s", async (_, documents) => {
    const root = makeRoot({
      "environments/test.yaml": environmentFile("test"),
      ...Object.fromEntries(
        documents.flatMap((file, index) => [
          [`services/s${index}/score.yaml`, text(file)],
          ...Object.entries(COMPANIONS[file] ?? {}).map(([name, content]) => [
            `services/s${index}/${name}`,
            content,
          ]),
        ]),
      ),
    });
    const { problems, services } = await loadWorkspace(root);
    expect(said(problems)).toEqual([]);
    expect(Object.keys(services)).toHaveLength(documents.length);
  });
});

describe.runIf(present)("the Score schema", () => {
  const validate = present
    ? new Ajv2020({ strict: false }).compile(
        JSON.parse(text("spec/score-v1b1.json")) as Record<string, unknown>,
      )
    : () => true;
  const agree = (document: unknown) =>
    expect(
      [scoreSchema.safeParse(document).success, document],
      "verdict of ours, against the specification's",
    ).toEqual([validate(document), document]);

  it.each(files)("judges %s as the specification's JSON Schema does", (file) => {
    const document: unknown = parse(text(file));
    agree(document);
    expect(validate(document)).toBe(true);
  });

  it("judges mutations of them as the specification's JSON Schema does", () => {
    const documents = files.map((file) => parse(text(file)) as unknown);
    let refused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.nat(),
        fc.constantFrom("drop", "rename", "retype", "add", "text"),
        fc.oneof(
          fc.constantFrom<unknown>(
            null,
            "",
            "a",
            "A",
            "-a-",
            "a.b",
            "a=b",
            ".",
            "0644",
            "0999",
            "500m",
            "1.5Gi",
            "0.25",
          ),
          fc.constantFrom<unknown>(0, 1, 80, 65_536, 1.5, -1, true, [], {}, [""], { a: "b" }),
          fc.constantFrom<unknown>(
            { target: "/a", content: "b" },
            [{ content: "b" }],
            [{ source: "" }],
          ),
          fc.constantFrom<unknown>(
            { "/a": { target: "/a", source: "b" } },
            { "/a": { source: "b" } },
          ),
        ),
        (document, choice, kind, value) => {
          const mutated = mutate(document, choice, kind, value);
          if (!validate(mutated)) refused++;
          agree(mutated);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});

/** Every place of a document that holds something. */
function places(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, member]) => places(member, [...at, key]))];
}

/** One change at one place; keys of the specification are renamed to others of it. */
function mutate(document: unknown, choice: number, kind: string, value: unknown): unknown {
  const copy = structuredClone(document);
  const all = places(copy).filter((place) => place.length > 0);
  const place = all[choice % all.length] ?? [];
  const key = place.at(-1) ?? "";
  let parent = copy as Record<string | number, unknown>;
  for (const part of place.slice(0, -1)) parent = parent[part] as Record<string | number, unknown>;
  if (kind === "drop") delete parent[key];
  else if (kind === "rename") {
    parent[NAMES[choice % NAMES.length] ?? ""] = parent[key];
    delete parent[key];
  } else if (kind === "add") parent[NAMES[choice % NAMES.length] ?? ""] = value;
  else parent[key] = kind === "text" ? String(value) : value;
  return copy;
}

const NAMES = [
  "name",
  "type",
  "class",
  "id",
  "params",
  "metadata",
  "annotations",
  "image",
  "files",
  "volumes",
  "before",
  "target",
  "source",
  "content",
  "binaryContent",
  "noExpand",
  "mode",
  "path",
  "readOnly",
  "port",
  "protocol",
  "targetPort",
  "resources",
  "limits",
  "cpu",
  "memory",
  "livenessProbe",
  "exec",
  "httpGet",
  "command",
  "host",
  "scheme",
  "httpHeaders",
  "service",
  "ports",
  "containers",
  "x",
  "a",
  "UPPER",
  "with space",
  "example.com/Key_1",
];
