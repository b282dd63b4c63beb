import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkoutRoot } from "../tools/setup/checkout.ts";
import { type TestApi, apiOf } from "../tools/test/api.ts";
import { type Document, type TestRoot, testRoot } from "../tools/test/root.ts";

/** A service that uses every resource type that builds something in the cluster. */
const descriptor = (rotation: number) => `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: all-drivers
spec:
  type: microservice
  language: node
  owner: platform
  image: registry.example.com/all-drivers:1.0
  uses:
    database: { type: postgres, params: { rotation: ${rotation} } }
    server: { type: postgres-instance, params: { rotation: ${rotation} } }
    ledger: { type: mysql, params: { rotation: ${rotation} } }
    documents: { type: mongodb, params: { rotation: ${rotation} } }
    cache: { type: redis, params: { rotation: ${rotation} } }
    queue: { type: amqp, params: { rotation: ${rotation} } }
    events: { type: kafka-topic }
    files: { type: s3, params: { rotation: ${rotation} } }
    books: { type: mssql, params: { rotation: ${rotation} } }
    model: { type: llm-model, params: { rotation: ${rotation} } }
    scratch: { type: volume }
    stripe: { type: secret }
`;

let root: TestRoot;
let api: TestApi;
beforeAll(async () => {
  root = testRoot({ environment: { registries: ["*"], quota: { cpu: "32", memory: "64Gi" } } });
  root.write("services/all-drivers/service.yaml", descriptor(1));
  api = await apiOf();
});
afterAll(async () => {
  await root?.fairway("destroy", "--all", "--yes", "--quiet");
  root?.remove();
});

interface Stack {
  readonly changes: readonly { readonly op: string; readonly type: string; readonly id?: string }[];
  readonly verdicts: readonly { readonly rule: string; readonly outcome: string }[];
}
const stackOf = ({ data }: Document): Stack => (data as { stacks: Stack[] }).stacks[0]!;

/** `fairway secret set` with the value on standard input, as a person runs it. */
async function setSecret(value: string): Promise<number | null> {
  const child = spawn(process.execPath, [
    join(checkoutRoot(), "fairway.mjs"),
    "secret",
    "set",
    "all-drivers",
    "stripe",
    "--root",
    root.folder,
  ]);
  child.stdin.end(value);
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}

describe("every driver on the real API server, in a namespace that enforces `restricted`", () => {
  test("a secret that is not there yet is refused at its line with the command that sets it", async () => {
    for (const operation of ["preview", "up"]) {
      const { exit, problems } = await root.json(operation, "all-drivers");
      expect(exit).toBe(4);
      expect(problems).toMatchObject([
        { code: "FW4008", file: "services/all-drivers/service.yaml", line: 22 },
      ]);
      expect(JSON.stringify(problems)).toContain(
        "fairway secret set all-drivers stripe --env local",
      );
    }
  });

  test("all objects are admitted, meet every rule, and become ready", async () => {
    expect(await setSecret("sk-live-planted-0042")).toBe(0);
    const up = await root.json("up", "all-drivers");
    expect(up.problems).toEqual([]);
    expect(up.exit).toBe(0);
    const failed = stackOf(up).verdicts.filter(({ outcome }) => outcome !== "pass");
    expect(failed.filter(({ outcome }) => outcome !== "not-applicable")).toEqual([]);
    const namespace = await api.get("/api/v1/namespaces/all-drivers");
    expect(namespace?.metadata.labels?.["pod-security.kubernetes.io/enforce"]).toBe("restricted");
    const workloads = await api.workloads(["all-drivers"]);
    expect(workloads.map(({ name }) => name).toSorted()).toEqual([
      "Deployment all-drivers/all-drivers",
      ...[
        "books",
        "cache",
        "database",
        "documents",
        "events",
        "files",
        "ledger",
        "model",
        "queue",
        "server",
      ].map((name) => `StatefulSet all-drivers/${name}`),
    ]);
    expect(workloads.filter(({ ready }) => !ready)).toEqual([]);
    expect(JSON.stringify(up)).not.toContain("planted");
  });

  test("a second update changes nothing", async () => {
    const again = stackOf(await root.json("up", "all-drivers"));
    expect(again.changes.filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
  });

  test("a raised rotation runs one Job a server that changes its password itself, and replaces nothing", async () => {
    root.write("services/all-drivers/service.yaml", descriptor(2));
    const up = await root.json("up", "all-drivers");
    expect(up.problems).toEqual([]);
    const { changes } = stackOf(up);
    expect(changes.filter(({ op }) => /replace|delete/.test(op))).toEqual([]);
    const jobs = await api.list("/apis/batch/v1/namespaces/all-drivers/jobs");
    expect(jobs.map(({ metadata, status }) => [metadata.name, status?.["succeeded"]])).toEqual([
      ["database-rotate-2", 1],
      ["documents-rotate-2", 1],
      ["ledger-rotate-2", 1],
      ["queue-rotate-2", 1],
      ["server-rotate-2", 1],
    ]);
  });

  test("nothing is left when it is destroyed, but the secret that the team brought", async () => {
    expect(await root.fairway("destroy", "--all", "--yes")).toMatchObject({ code: 0 });
    const left = await api.objectsOf(["all-drivers"]);
    expect(left).toEqual(["Secret fairway-secrets/all-drivers.stripe.local"]);
  });
});
