import { describe, expect, test } from "vitest";
import { EventReader } from "./event-reader.ts";
import { type EngineEvent, type StepMetadata, parseEvent, redactEvent } from "./events.ts";
import { fieldsOf, splitProperty } from "./fields.ts";

const SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};
const urn = (type: string, name: string): string => `urn:pulumi:a.local::fairway::${type}::${name}`;
const STACK = urn("pulumi:pulumi:Stack", "fairway-a.local");
const WORKLOAD = urn("fairway:workload:WebService", "a-workload");
const DEPLOYMENT = urn(
  "fairway:workload:WebService$kubernetes:apps/v1:Deployment",
  "a-workload-deployment",
);

function step(op: string, at: string, more: Partial<StepMetadata> = {}): StepMetadata {
  const type = at.split("::")[2]!.split("$").at(-1)!;
  return { op, urn: at, type, old: null, new: null, detailedDiff: null, ...more };
}
const begin = (metadata: StepMetadata): EngineEvent => ({ resourcePreEvent: { metadata } });
const end = (metadata: StepMetadata): EngineEvent => ({ resOutputsEvent: { metadata } });
const END: EngineEvent = { cancelEvent: {} };
function read(...events: EngineEvent[]) {
  const reader = new EventReader(new Map([["a-workload", "workload"]]));
  const told = events.map((event) => reader.read(event));
  return { ...reader.summary(), told };
}

describe("what an operation did", () => {
  test("is one change a resource, with the item it belongs to, in an order of its own", () => {
    const deployment = step("create", DEPLOYMENT, { new: { parent: WORKLOAD } });
    const { changes, complete } = read(
      begin(step("create", STACK)),
      begin(step("create", WORKLOAD, { new: { parent: STACK } })),
      begin(deployment),
      end({ ...deployment, new: { parent: WORKLOAD, id: "a/a" } }),
      end(step("create", WORKLOAD)),
      END,
    );
    expect(complete).toBe(true);
    expect(changes).toEqual([
      {
        op: "create",
        urn: DEPLOYMENT,
        type: "kubernetes:apps/v1:Deployment",
        name: "a-workload-deployment",
        id: "a/a",
        item: "workload",
        fields: [],
      },
      {
        op: "create",
        urn: WORKLOAD,
        type: "fairway:workload:WebService",
        name: "a-workload",
        item: "workload",
        fields: [],
      },
    ]);
  });

  test("tells a replacement under other parents once, unless the deletion went wrong", () => {
    const before = urn(
      "fairway:old:Service$kubernetes:apps/v1:Deployment",
      "a-workload-deployment",
    );
    const old = { urn: before, id: "a/a" };
    const gone = step("delete-replaced", before, { old });
    const made = step("create-replacement", DEPLOYMENT, { old });
    const rest = [begin(made), end(made), END];
    const told = (...events: EngineEvent[]) =>
      read(begin(gone), ...events, ...rest).changes.map((change) => [change.op, change.urn]);
    expect(told(end(gone))).toEqual([["replace", DEPLOYMENT]]);
    const failed = { resOpFailedEvent: { metadata: gone } };
    expect(told(failed)).toContainEqual(["replace", before]);
  });

  test("tells the steps of a replacement as one, with what forced it", () => {
    const differs = {
      old: { inputs: { spec: { clusterIP: "None" } } },
      new: { inputs: { spec: { clusterIP: "" } } },
      detailedDiff: { "spec.clusterIP": { diffKind: "update-replace", inputDiff: true } },
    };
    const { changes } = read(
      begin(step("delete-replaced", DEPLOYMENT)),
      end(step("delete-replaced", DEPLOYMENT)),
      begin(step("replace", DEPLOYMENT, { ...differs, logical: true })),
      begin(step("create-replacement", DEPLOYMENT)),
      end(step("create-replacement", DEPLOYMENT)),
      END,
    );
    expect(changes).toMatchObject([
      {
        op: "replace",
        fields: [{ path: "spec.clusterIP", old: "None", new: "", replaces: true, secret: false }],
      },
    ]);
  });

  test("takes from the end of a refresh what was found", () => {
    const other = urn("kubernetes:core/v1:ConfigMap", "gone");
    const { changes } = read(
      begin(step("refresh", DEPLOYMENT)),
      end(step("same", DEPLOYMENT)),
      begin(step("refresh", other)),
      end(step("delete", other)),
      END,
    );
    expect(changes.map(({ op, name }) => [op, name])).toEqual([
      ["same", "a-workload-deployment"],
      ["delete", "gone"],
    ]);
  });

  test("says what failed and what was interrupted", () => {
    const other = urn("kubernetes:core/v1:ConfigMap", "other");
    const { changes, complete } = read(
      begin(step("create", DEPLOYMENT)),
      begin(step("create", other)),
      {
        diagnosticEvent: {
          urn: DEPLOYMENT,
          severity: "error",
          message: "\u001b[31mno quota\u001b[0m <{%reset%}>left\n",
        },
      },
      { resOpFailedEvent: { metadata: step("create", DEPLOYMENT) } },
    );
    expect(complete).toBe(false);
    expect(changes.map(({ name, error }) => [name, error])).toEqual([
      ["a-workload-deployment", "no quota left"],
      ["other", "interrupted before it ended"],
    ]);
  });

  test("hides secret outputs and knows whether outputs changed", () => {
    const outputs = { url: "http://a", password: SECRET, nested: [{ token: SECRET }] };
    const hidden = { url: "http://a", password: "[secret]", nested: [{ token: "[secret]" }] };
    const same = read(end(step("same", STACK, { old: { outputs }, new: { outputs } })));
    expect(same).toMatchObject({ outputs: hidden, outputsChanged: false, changes: [] });
    const moved = step("same", STACK, { old: { outputs: {} }, new: { outputs } });
    expect(read(end(moved)).outputsChanged).toBe(true);
  });

  test("tells why a resource waits, collects warnings, and takes only mandatory violations", () => {
    const violation = { resourceUrn: DEPLOYMENT, policyName: "no-latest", message: "is latest" };
    const { told, warnings, violations } = read(
      {
        diagnosticEvent: {
          urn: DEPLOYMENT,
          severity: "info",
          ephemeral: true,
          message: "0 of 2 ready",
        },
      },
      { diagnosticEvent: { severity: "warning", message: "old api" } },
      { policyEvent: { ...violation, enforcementLevel: "mandatory" } },
      { policyEvent: { ...violation, enforcementLevel: "advisory" } },
    );
    expect(told[0]).toEqual({ waiting: { urn: DEPLOYMENT, reason: "0 of 2 ready" } });
    expect(warnings).toEqual([{ message: "old api" }]);
    expect(violations).toEqual([{ rule: "no-latest", urn: DEPLOYMENT, message: "is latest" }]);
  });
});

describe("fields", () => {
  test("have no values where either side is secret, or something above is", () => {
    const detailedDiff = Object.fromEntries(
      ["data.a", 'data["b.c"]', "data.d", "plain[1].x"].map((path) => [
        path,
        { diffKind: "update", inputDiff: true },
      ]),
    );
    const fields = fieldsOf(
      step("update", DEPLOYMENT, {
        old: {
          inputs: {
            data: { a: "old-a", "b.c": SECRET, d: "old-d" },
            plain: [0, { x: { deep: "was" } }],
          },
        },
        new: {
          inputs: { data: { a: SECRET, "b.c": "new-b" }, plain: [0, { x: { deep: SECRET } }] },
        },
        detailedDiff,
      }),
    );
    expect(fields).toEqual([
      { path: "data.a", secret: true, replaces: false },
      { path: 'data["b.c"]', secret: true, replaces: false },
      { path: "data.d", secret: false, replaces: false, old: "old-d" },
      {
        path: "plain[1].x",
        secret: false,
        replaces: false,
        old: { deep: "[secret]" },
        new: { deep: "[secret]" },
      },
    ]);
  });
  test("of lists whose items have names are told by name, where one came, went or moved", () => {
    const container = (image: string, ...env: object[]) => ({ name: "main", image, env });
    const detailedDiff = Object.fromEntries(
      ["containers[0].image", "containers[0].env[0].name", "containers[0].env[1].value"].map(
        (path) => [path, { diffKind: "update", inputDiff: true }],
      ),
    );
    const change = (was: object[], is: object[]) =>
      fieldsOf(
        step("update", DEPLOYMENT, {
          old: { inputs: { containers: [container("a:1", ...was)] } },
          new: { inputs: { containers: [container("a:2", ...is)] } },
          detailedDiff,
        }),
      ).map(({ path, old, new: now, secret }) => [path, secret ? SECRET : [old, now]]);
    const [a, b, c] = ["A", "B", "C"].map((name) => ({ name, value: name.toLowerCase() }));
    const env = "containers[0].env";
    const image = ["containers[0].image", ["a:1", "a:2"]];
    expect(change([a!, c!], [a!, b!, c!])).toEqual([image, [`${env}["B"]`, [undefined, b]]]);
    expect(change([a!, b!], [{ ...b, value: "x" }])).toEqual([
      image,
      [`${env}["A"]`, [a, undefined]],
      [`${env}["B"].value`, ["b", "x"]],
    ]);
    expect(change([a!, b!], [b!, a!])).toEqual([
      image,
      [
        env,
        [
          ["A", "B"],
          ["B", "A"],
        ],
      ],
    ]);
    expect(change([a!], [b!, { name: "A", value: SECRET }])).toEqual([
      image,
      [`${env}["A"].value`, SECRET],
      [`${env}["B"]`, [undefined, b]],
    ]);
  });
  test.each([
    [
      "spec.template.spec.containers[0].image",
      ["spec", "template", "spec", "containers", "0", "image"],
    ],
    ['metadata.annotations["a.b/c\\"d"].x', ["metadata", "annotations", 'a.b/c"d', "x"]],
    ["[2]", ["2"]],
  ])("splits the path %s", (path, keys) => expect(splitProperty(path)).toEqual(keys));
});

describe("what is kept of the stream", () => {
  test("drops debug lines, whatever they hold, and nothing that only looks like one", () => {
    const debug = {
      sequence: 1,
      timestamp: 2,
      diagnosticEvent: { prefix: "debug: ", message: "hush", severity: "debug" },
    };
    expect(parseEvent(JSON.stringify(debug))).toBeUndefined();
    const resource = {
      sequence: 1,
      timestamp: 2,
      ...begin(step("create", DEPLOYMENT, { new: { inputs: { severity: "debug" } } })),
    };
    expect(parseEvent(JSON.stringify(resource))).toEqual(resource);
    expect(() => parseEvent("{")).toThrow(SyntaxError);
  });
  test("hides the old value of a field that became secret, and the new one of a field that was", () => {
    const kept = redactEvent(
      begin(
        step("update", DEPLOYMENT, {
          old: { inputs: { a: "planted-1", b: SECRET }, outputs: { list: ["planted-2"] } },
          new: { inputs: { a: SECRET, b: "planted-3" }, outputs: { list: [SECRET] } },
        }),
      ),
    );
    expect(JSON.stringify(kept)).not.toContain("planted");
    expect(kept.resourcePreEvent?.metadata.new?.inputs).toEqual({ a: "[secret]", b: "[secret]" });
  });
});
