import { describe, expect, test } from "vitest";
import { driftedInputs, prunedTo } from "./drift.ts";
import type { JsonObject } from "./json.ts";

const container = (name: string, image: string, extra: JsonObject = {}): JsonObject => ({
  name,
  image,
  ...extra,
});
const inputs: JsonObject = {
  apiVersion: "v1",
  metadata: { name: "p", labels: { a: "1" } },
  spec: { replicas: 2, containers: [container("main", "web:1")], args: ["a", "b"] },
};
/** What the server makes of the inputs: defaults beside them. */
const applied: JsonObject = {
  ...inputs,
  metadata: {
    ...(inputs["metadata"] as JsonObject),
    uid: "1",
    resourceVersion: "1",
    managedFields: [],
  },
  spec: {
    replicas: 2,
    containers: [container("main", "web:1", { pullPolicy: "Always" })],
    args: ["a", "b"],
    dnsPolicy: "x",
  },
  status: {},
};

const live = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  ...applied,
  metadata: {
    ...(applied["metadata"] as JsonObject),
    resourceVersion: "9",
    generation: 4,
    ...metadata,
  },
  spec: { ...(applied["spec"] as JsonObject), ...spec },
  status: { ready: true },
});

describe("drift", () => {
  test("there is none in defaults, server fields, status, the revision, or what others added", () => {
    expect(driftedInputs(inputs, applied, live({}))).toBe(inputs);
    expect(
      driftedInputs(
        inputs,
        applied,
        live({}, { annotations: { "deployment.kubernetes.io/revision": "3" } }),
      ),
    ).toEqual(inputs);
    expect(
      driftedInputs(
        inputs,
        applied,
        live({ added: "by another" }, { labels: { a: "1", b: "other" } }),
      ),
    ).toEqual(inputs);
  });

  test("a changed value comes back as it is, the rest as it was written", () => {
    const drifted = driftedInputs(
      inputs,
      applied,
      live({ replicas: 1 }, { labels: { a: "edited" } }),
    );
    expect(drifted).toEqual({
      ...inputs,
      metadata: { name: "p", labels: { a: "edited" } },
      spec: { ...(inputs["spec"] as JsonObject), replicas: 1 },
    });
  });

  test("a removed value is missing from the inputs", () => {
    expect(driftedInputs(inputs, applied, live({}, { labels: {} }))).toMatchObject({
      metadata: { name: "p", labels: {} },
    });
  });

  test("list items are matched by their key, so that an injected sidecar shifts nothing", () => {
    const containers = [
      container("sidecar", "mesh:1"),
      container("main", "web:1", { pullPolicy: "Always" }),
    ];
    expect(driftedInputs(inputs, applied, live({ containers }))).toEqual(inputs);
    const edited = [
      container("sidecar", "mesh:1"),
      container("main", "web:evil", { pullPolicy: "Always" }),
    ];
    expect(driftedInputs(inputs, applied, live({ containers: edited }))).toMatchObject({
      spec: { containers: [{ name: "main", image: "web:evil" }] },
    });
    expect(driftedInputs(inputs, applied, live({ containers: [] }))).toMatchObject({
      spec: { containers: [] },
    });
  });

  test("a list without keys is taken as a whole", () => {
    expect(driftedInputs(inputs, applied, live({ args: ["b", "a"] }))).toMatchObject({
      spec: { args: ["b", "a"] },
    });
  });

  test("without a dry run the live object is cut to the shape of the inputs", () => {
    expect(prunedTo(inputs, live({ replicas: 1 }))).toEqual({
      ...inputs,
      spec: { ...(inputs["spec"] as JsonObject), replicas: 1 },
    });
  });
});
