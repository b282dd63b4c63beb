import { describe, expect, test } from "vitest";
import type { JsonObject } from "./json.ts";
import { idOf, outputsOf, overlaid, placeOfId, previewed, recordOf } from "./outputs.ts";
import { UNKNOWN } from "./values.ts";

const record = (value: JsonObject, secrets: (string | number)[][] = []) => ({
  inputs: { value, secrets },
  manager: "m",
  initialApiVersion: "v1",
});

describe("stored outputs", () => {
  test("hold the live object, the inputs and the manager, without the managed fields, and are read back", () => {
    const inputs: JsonObject = { apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } };
    const live: JsonObject = {
      ...inputs,
      metadata: { name: "c", uid: "u", managedFields: [{ manager: "m" }] },
    };
    const outputs = outputsOf(live, record(inputs, [["data", "a"]]));
    expect(outputs.value).toEqual({
      ...inputs,
      metadata: { name: "c", uid: "u" },
      __inputs: inputs,
      __initialApiVersion: "v1",
      __fieldManager: "m",
    });
    expect(outputs.secrets).toEqual([
      ["data", "a"],
      ["__inputs", "data", "a"],
    ]);
    expect(recordOf(outputs, undefined, "other")).toEqual(record(inputs, [["data", "a"]]));
    expect(recordOf({ value: {}, secrets: [] }, undefined, "other").manager).toBe("other");
  });

  test("all data of a Secret is secret, whatever the program said, also in the inputs", () => {
    const inputs: JsonObject = { apiVersion: "v1", kind: "Secret", data: { a: "QQ==" } };
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}" };
    const { secrets } = outputsOf({ ...inputs, metadata: { annotations } }, record(inputs));
    expect(secrets).toEqual([
      ["data"],
      ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
      ["__inputs", "data"],
    ]);
  });

  test("ids are namespace and name, or the name alone", () => {
    const identity = { apiVersion: "v1", kind: "X", namespace: "n", name: "a" };
    expect(idOf(identity)).toBe("n/a");
    expect(idOf({ ...identity, namespace: "" })).toBe("a");
    expect(placeOfId("n/a")).toEqual({ namespace: "n", name: "a" });
    expect(placeOfId("a")).toEqual({ namespace: "", name: "a" });
  });
});

describe("previewed outputs", () => {
  const service = (spec: JsonObject): JsonObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "s" },
    spec,
  });

  test("a create leaves open what only the server gives", () => {
    const answer = {
      ...service({
        clusterIP: "10.0.0.7",
        clusterIPs: ["10.0.0.7"],
        ports: [
          { port: 80, nodePort: 30001 },
          { port: 81, nodePort: 30002 },
        ],
        type: "NodePort",
      }),
      status: {},
    };
    const inputs = service({
      type: "NodePort",
      ports: [{ port: 80 }, { port: 81, nodePort: 30002 }],
    });
    const shown = previewed(answer, inputs, true);
    expect(shown["spec"]).toEqual({
      clusterIP: UNKNOWN,
      clusterIPs: UNKNOWN,
      ports: [
        { port: 80, nodePort: UNKNOWN },
        { port: 81, nodePort: 30002 },
      ],
      type: "NodePort",
    });
    expect(shown["metadata"]).toEqual({
      name: "s",
      uid: UNKNOWN,
      resourceVersion: UNKNOWN,
      generation: UNKNOWN,
      creationTimestamp: UNKNOWN,
    });
    expect(shown).not.toHaveProperty("status");
    expect(
      previewed(service({ clusterIP: "None" }), service({ clusterIP: "None" }), true)["spec"],
    ).toEqual({ clusterIP: "None" });
    expect(
      previewed(service({ type: "ExternalName" }), service({ type: "ExternalName" }), true)["spec"],
    ).toEqual({ type: "ExternalName" });
  });

  test("a Job's controller labels are open", () => {
    const labels = { "controller-uid": "1", app: "a" };
    const inputs: JsonObject = { apiVersion: "batch/v1", kind: "Job", spec: { template: {} } };
    const shown = previewed(
      {
        ...inputs,
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } },
      },
      inputs,
      true,
    );
    expect(shown["spec"]).toEqual({
      selector: { matchLabels: { ...labels, "controller-uid": UNKNOWN } },
      template: { metadata: { labels: { ...labels, "controller-uid": UNKNOWN } } },
    });
  });

  test("an update keeps what is known; with unknown values the new inputs lie over the old outputs", () => {
    const old: JsonObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", uid: "u", resourceVersion: "5" },
      data: { a: "1", b: "added by another", gone: "1" },
      status: {},
      __inputs: {},
    };
    const given: JsonObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c" },
      data: { a: "1", gone: "1" },
    };
    const shown = overlaid(old, given, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c" },
      data: { a: UNKNOWN },
    });
    expect(shown).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", uid: "u", resourceVersion: UNKNOWN, generation: UNKNOWN },
      data: { a: UNKNOWN, b: "added by another" },
    });
  });
});
