import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  changesBelow,
  changesBetween,
  identityChanges,
  inputChanges,
  knownImmutableChanges,
  mustDeleteFirst,
  pathText,
} from "./diff.ts";
import type { JsonObject } from "./json.ts";
import { UNKNOWN } from "./values.ts";

const deployment = (spec: JsonObject, metadata: JsonObject = { name: "web" }): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata,
  spec,
});
const paths = (changes: readonly { path: readonly (string | number)[] }[]) =>
  changes.map(({ path }) => pathText(path));

describe("changes between inputs", () => {
  test("added, removed and updated properties are found at their own depth", () => {
    const changes = changesBetween(
      { a: 1, b: { c: [1, 2], d: 1 }, e: 1 },
      { a: 1, b: { c: [1, 3, 4] }, e: 1, f: {} },
    );
    expect(changes.map(({ path, kind }) => `${kind} ${pathText(path)}`)).toEqual([
      "update b.c[1]",
      "add b.c[2]",
      "delete b.d",
      "add f",
    ]);
  });

  test("nothing is a change of itself, in whatever order its keys stand", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(changesBetween(value as JsonObject, structuredClone(value) as JsonObject)).toEqual(
          [],
        );
      }),
    );
    expect(changesBetween({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
  });

  test("a namespace that is not named is default", () => {
    const [unsaid, said] = [deployment({}), deployment({}, { name: "web", namespace: "default" })];
    expect(inputChanges(unsaid, said)).toEqual([]);
    expect(inputChanges(said, unsaid)).toEqual([]);
    expect(
      paths(inputChanges(unsaid, deployment({}, { name: "web", namespace: "other" }))),
    ).toEqual(["metadata.namespace"]);
  });

  test("another name, namespace or group is another object, another version is not", () => {
    const old = deployment({});
    const replacing = (now: JsonObject) => paths(identityChanges(old, now, inputChanges(old, now)));
    expect(replacing(deployment({}, { name: "api" }))).toEqual(["metadata.name"]);
    expect(replacing({ ...old, apiVersion: "apps/v2" })).toEqual([]);
    expect(replacing({ ...old, apiVersion: "example.test/v1" })).toEqual(["apiVersion"]);
    expect(replacing({ ...old, metadata: UNKNOWN })).toEqual(["metadata"]);
    expect(replacing(deployment({}, { name: UNKNOWN }))).toEqual(["metadata.name"]);
  });

  test("the old object goes first only where the new one has its name", () => {
    const auto = { name: "web", annotations: { "pulumi.com/autonamed": "true" } };
    expect(mustDeleteFirst(deployment({}), deployment({ a: 1 }))).toBe(true);
    expect(mustDeleteFirst(deployment({}), deployment({}, { name: "api" }))).toBe(false);
    expect(mustDeleteFirst(deployment({}, auto), deployment({}, auto))).toBe(false);
  });

  test("without a dry run a table knows the well-known immutable fields", () => {
    const immutable = (old: JsonObject, now: JsonObject) =>
      paths(knownImmutableChanges(now, old, inputChanges(old, now)));
    expect(
      immutable(
        deployment({ selector: { matchLabels: { a: "1" } }, replicas: 1 }),
        deployment({ selector: { matchLabels: { a: "2" } }, replicas: 2 }),
      ),
    ).toEqual(["spec.selector.matchLabels.a"]);
    expect(
      immutable(deployment({ template: { a: 1 } }), deployment({ template: { a: UNKNOWN } })),
    ).toEqual([]);
    const secret = (type: string, data: JsonObject, extra: JsonObject = {}): JsonObject => ({
      apiVersion: "v1",
      kind: "Secret",
      type,
      data,
      ...extra,
    });
    expect(immutable(secret("Opaque", { a: "1" }), secret("other", { a: "2" }))).toEqual(["type"]);
    expect(
      immutable(
        secret("Opaque", { a: "1" }, { immutable: true }),
        secret("Opaque", { a: "2" }, { immutable: true }),
      ),
    ).toEqual(["data.a"]);
  });

  test("a coarse field covers the changes below it, a fine one those above", () => {
    const changes = changesBetween(
      { spec: { a: 1, b: { c: 1 } }, specs: 1 },
      { spec: { a: 2, b: { c: 2 } }, specs: 2 },
    );
    expect(paths(changesBelow(changes, ["spec"]))).toEqual(["spec.a", "spec.b.c"]);
    expect(paths(changesBelow(changes, ["spec.b.c.d"]))).toEqual(["spec.b.c"]);
    expect(changesBelow(changes, [])).toEqual([]);
  });

  test("paths are written as Pulumi reads them", () => {
    expect(pathText(["metadata", "labels", 'a.b/c"d'])).toBe('metadata.labels["a.b/c\\"d"]');
    expect(pathText(["spec", "containers", 0, "image"])).toBe("spec.containers[0].image");
    expect(pathText(["data", "my-key"])).toBe("data.my-key");
  });
});
