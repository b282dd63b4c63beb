import { describe, expect, test } from "vitest";
import { at, type JsonObject } from "../kubernetes/json.ts";
import { UNKNOWN } from "../kubernetes/values.ts";
import { chanceOf } from "./chance.ts";
import { cue, plain } from "./fixture.ts";
import { KUBERNETES } from "./kubernetes.ts";

const make = (type: string, object: JsonObject) =>
  KUBERNETES.make(
    cue(type, "x"),
    plain({ kind: type.split(":").at(-1)!, ...object }),
    chanceOf("x"),
  );

describe("Kubernetes by structure", () => {
  test.each([
    ["kubernetes:core/v1:ConfigMap", { name: "a", namespace: "n" }, "n/a"],
    ["kubernetes:core/v1:ConfigMap", { name: "a" }, "default/a"],
    ["kubernetes:core/v1:Namespace", { name: "a" }, "a"],
    ["kubernetes:example.com/v1:Widget", { name: "a", namespace: "n" }, "n/a"],
  ])("%s %o has the id %s", async (type, metadata, id) => {
    expect((await make(type, { metadata })).id).toBe(id);
  });

  test("echoes what was given, and makes up what the API server decides", async () => {
    const { outputs } = await make("kubernetes:core/v1:ConfigMap", {
      metadata: { name: "a" },
      data: { a: "1" },
    });
    expect(outputs.value).toMatchObject({
      data: { a: "1" },
      metadata: { name: "a", generation: 1 },
    });
    expect(at(outputs.value, "metadata", "uid")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("marks the data of a Secret", async () => {
    const object = { apiVersion: "v1", metadata: { name: "a" }, data: { p: "cA==" } };
    const { outputs } = await make("kubernetes:core/v1:Secret", object);
    expect(outputs.secrets).toContainEqual(["data"]);
  });

  test("foresees nothing that the API server decides", async () => {
    const { id, outputs } = await KUBERNETES.foresee(
      cue("kubernetes:core/v1:ConfigMap", "x"),
      plain({ metadata: { name: "a" } }),
    );
    expect(id).toBe("");
    expect(at(outputs.value, "metadata", "uid")).toBe(UNKNOWN);
    expect(at(outputs.value, "metadata", "namespace")).toBe("default");
  });

  test("another name and an immutable field replace, another field updates", async () => {
    const claim = (change: JsonObject = {}, name = "a"): JsonObject => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, namespace: "n" },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
        ...change,
      },
    });
    const replacing = async (now: JsonObject) => {
      const type = cue("kubernetes:core/v1:PersistentVolumeClaim", "x");
      const found = await KUBERNETES.diff(type, claim(), now, {});
      return [found.replacing.map(({ path }) => path.join(".")), found.deleteFirst];
    };
    expect(await replacing(claim({ resources: { requests: { storage: "2Gi" } } }))).toEqual([
      [],
      false,
    ]);
    expect(await replacing(claim({ storageClassName: "other" }))).toEqual([
      ["spec.storageClassName"],
      true,
    ]);
    expect(await replacing(claim({}, "b"))).toEqual([["metadata.name"], false]);
  });
});
