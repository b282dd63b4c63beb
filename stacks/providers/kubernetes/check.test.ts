import { describe, expect, test } from "vitest";
import { annotationList, check, isAutonamed } from "./check.ts";
import type { JsonObject, Path } from "./json.ts";
import { UNKNOWN } from "./values.ts";

const SEED = new Uint8Array([1, 2, 3]);
const none = { value: {}, secrets: [] };
const run = (token: string, value: JsonObject, secrets: Path[] = [], olds: JsonObject = {}) =>
  check(token, "Web", { value: olds, secrets: [] }, { value, secrets }, SEED);

describe("normalising inputs", () => {
  test("stringData becomes base64 data, secret at the same keys, and unknown where it was", () => {
    const checked = run(
      "kubernetes:core/v1:Secret",
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "s" },
        data: { a: "QQ==" },
        stringData: { b: "B", c: UNKNOWN },
      },
      [["stringData", "b"]],
    );
    expect(checked.value).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      data: { a: "QQ==", b: "Qg==", c: UNKNOWN },
    });
    expect(checked.secrets).toEqual([["data", "b"], ["data"]]);
    const unknown = run("kubernetes:core/v1:Secret", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: UNKNOWN,
    });
    expect(unknown.value["data"]).toBe(UNKNOWN);
  });

  test("a missing name is made from the seed, kept while the resource lives, and made anew for a replacement", () => {
    const token = "kubernetes:core/v1:ConfigMap";
    const first = run(token, { apiVersion: "v1", kind: "ConfigMap" });
    expect(first.value["metadata"]).toEqual({
      name: expect.stringMatching(/^web-[0-9a-f]{8}$/),
      annotations: { "pulumi.com/autonamed": "true" },
    });
    expect(isAutonamed(first.value)).toBe(true);
    const olds: JsonObject = {
      metadata: { name: "web-old", annotations: { "pulumi.com/autonamed": "true" } },
    };
    expect(
      run(token, { apiVersion: "v1", kind: "ConfigMap" }, [], olds).value["metadata"],
    ).toMatchObject({ name: "web-old" });
    const generated = run(token, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { generateName: "job-" },
    });
    expect(generated.value["metadata"]).toEqual({
      name: expect.stringMatching(/^job-[0-9a-f]{8}$/),
      annotations: { "pulumi.com/autonamed": "true" },
    });
    expect(
      run(token, { apiVersion: "v1", kind: "ConfigMap", metadata: UNKNOWN }).value["metadata"],
    ).toBe(UNKNOWN);
  });

  test("apiVersion and kind come from the type where the program left them out", () => {
    expect(run("kubernetes:core/v1:ConfigMap", { metadata: { name: "c" } }).value).toMatchObject({
      apiVersion: "v1",
      kind: "ConfigMap",
    });
    expect(run("kubernetes:apps/v1:Deployment", { metadata: { name: "c" } }).value).toMatchObject({
      apiVersion: "apps/v1",
      kind: "Deployment",
    });
  });

  test("fails on lists, patches, Helm releases and values that are no text", () => {
    const reasons = (token: string, value: JsonObject) =>
      check(token, "x", none, { value, secrets: [] }, SEED)
        .refusals.map(({ reason }) => reason)
        .join();
    expect(reasons("kubernetes:apps/v1:DeploymentList", { items: [] })).toContain(
      "declare each object of the list",
    );
    expect(reasons("kubernetes:apps/v1:DeploymentPatch", { kind: "Deployment" })).toContain(
      "declare the Deployment itself",
    );
    expect(reasons("kubernetes:helm.sh/v3:Release", { chart: "x" })).toContain(
      "not an object of the Kubernetes API",
    );
    expect(reasons("kubernetes:core/v1:Secret", { stringData: { a: 1 } })).toBe(
      "every value must be a text",
    );
    expect(reasons("kubernetes:example.test/v1:AllowList", { spec: {} })).toBe("");
  });

  test("an annotation may hold one text or a JSON list of them", () => {
    const object = (text: string): JsonObject => ({ metadata: { annotations: { a: text } } });
    expect(annotationList(object("condition=Ready"), "a")).toEqual(["condition=Ready"]);
    expect(annotationList(object('["x", "y"]'), "a")).toEqual(["x", "y"]);
    expect(annotationList(object("[broken"), "a")).toEqual(["[broken"]);
    expect(annotationList({}, "a")).toEqual([]);
  });
});
