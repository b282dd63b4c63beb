import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { scoreSchema } from "../contract/score.ts";

const validate = new Ajv2020({ strict: false }).compile(
  JSON.parse(
    readFileSync(
      path.resolve(import.meta.dirname, "../../tools/test/specifications/score-v1b1.json"),
      "utf8",
    ),
  ) as Record<string, unknown>,
);

/** Every field of the specification, in both forms where there are two. */
const FULL = parse(`
apiVersion: score.dev/v1b1
metadata: { name: web, team: a, annotations: { example.com/key: value } }
service: { ports: { http: { port: 80, protocol: TCP, targetPort: 8080 } } }
containers:
  maps:
    image: .
    command: [run]
    args: [fast]
    variables: { A: b }
    files: { /a: { content: x, mode: "0644", noExpand: true }, /b: { source: b.txt }, /c: { binaryContent: AAAA } }
    volumes: { /d: { source: d, path: e, readOnly: true } }
    before: { lists: { ready: healthy } }
    resources: { limits: { cpu: "1.5", memory: 1Gi }, requests: { cpu: 100m, memory: 0.5Gi } }
    livenessProbe: { httpGet: { path: /, port: 80, host: a, scheme: HTTP, httpHeaders: [{ name: A, value: b }] } }
    readinessProbe: { exec: { command: [ok] } }
  lists:
    image: app:1
    files: [{ target: /a, content: x }, { target: /b, source: y }]
    volumes: [{ target: /d, source: d }]
resources:
  db: { type: postgres, class: big, id: main.store, metadata: { x: y, annotations: { some.io/key: z } }, params: { a: [1] } }
`) as unknown;

const ODD: readonly unknown[] = [
  undefined,
  null,
  "",
  "a",
  "A-b",
  "-a-",
  "a.b",
  "a=b",
  ".",
  "0644",
  "0999",
  "500m",
  "1.5Gi",
  "0Gi",
  "HTTPS",
  "UDP",
  "complete",
  "score.dev/v1b2",
  "x".repeat(64),
  0,
  80,
  65_536,
  1.5,
  true,
  [],
  {},
  [""],
  { a: "b" },
  { a1: { ready: "started" } },
  { target: "/a", content: "b" },
  [{ source: "b" }],
];

const places = (value: unknown, at: readonly string[] = []): (readonly string[])[] =>
  typeof value !== "object" || value === null
    ? [at]
    : [at, ...Object.entries(value).flatMap(([key, member]) => places(member, [...at, key]))];

/** The document with another value, or without one, or with the value under another key. */
function changed(place: readonly string[], value: unknown, key = place.at(-1)!): unknown {
  const copy = structuredClone(FULL) as Record<string, unknown>;
  let parent = copy;
  for (const part of place.slice(0, -1)) parent = parent[part] as Record<string, unknown>;
  if (key !== place.at(-1) || value === undefined) delete parent[place.at(-1)!];
  if (value !== undefined) parent[key] = value;
  // A list without one of its entries is shorter, and has no hole.
  return JSON.parse(JSON.stringify(copy)) as unknown;
}

describe("the Score schema", () => {
  it("judges every change of every field as the specification does", () => {
    expect([validate(FULL), scoreSchema.safeParse(FULL).success]).toEqual([true, true]);
    const all = places(FULL).filter((place) => place.length > 0);
    let refused = 0;
    const differing: unknown[] = [];
    const agree = (what: unknown, document: unknown): void => {
      const theirs = validate(document);
      if (!theirs) refused++;
      if (scoreSchema.safeParse(document).success !== theirs) differing.push([what, theirs]);
    };
    for (const place of all) {
      for (const value of ODD) agree([place.join("."), value], changed(place, value));
      for (const key of ["x", "UPPER", "with space", "target", "x".repeat(64)])
        agree([place.join("."), "renamed", key], changed(place, "a", key));
    }
    expect(all.length).toBeGreaterThan(80);
    expect(refused).toBeGreaterThan(1_000);
    expect(differing).toEqual([]);
  });
});
