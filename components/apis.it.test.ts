import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Provider } from "@pulumi/aws/provider.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json } from "../stacks/contract/value.ts";
import { type Program, type Run, openWorkspace } from "../stacks/providers/kubernetes/harness.ts";
import { type RehearsalServer, serveRehearsal } from "../stacks/providers/rehearsal/index.ts";
import { findEngine } from "../tools/engine/engine.ts";
import { plannedProgram } from "../tools/test/pod/objects.ts";

type Params = Readonly<Record<string, Json>>;

let world: string;
let server: RehearsalServer;
let workspace: ReturnType<typeof openWorkspace>;
let stack: Awaited<ReturnType<typeof workspace.stack>>;

beforeAll(async () => {
  const engine = await findEngine();
  if (!engine) throw new Error("the engine is missing");
  world = mkdtempSync(join(tmpdir(), "fairway-apis-"));
  server = await serveRehearsal({ world });
  workspace = openWorkspace({ pulumi: engine.path, providers: `aws:${server.port}` });
  stack = await workspace.stack("apis");
});
afterAll(async () => {
  workspace?.close();
  await server?.close();
  rmSync(world, { recursive: true, force: true });
});

const ARN = "arn:aws:sqs:eu-central-1:444444444444:shop-api-store-test.fifo";
const DEFAULTS: Readonly<Record<string, Params>> = {
  "dns-route53": {},
  dynamodb: { partition: "user", sort: "at:N", indexes: { "by-token": { partition: "token" } } },
  "s3-aws": { expireDays: 365 },
  "secret-aws": {},
  sns: { fifo: true, subscriptions: [{ protocol: "sqs", endpoint: ARN }] },
  sqs: { fifo: true, encryption: "kms" },
};

/** All drivers of APIs, asked as a service asks them. */
const program =
  (change: Readonly<Record<string, Params>> = {}): Program =>
  async () => {
    const aws = new Provider("aws", { region: "eu-central-1" });
    for (const [name, params] of Object.entries(DEFAULTS))
      await plannedProgram(name, { ...params, ...change[name] }, { providers: { aws } })();
  };

const stepsOf = ({ all }: Run): string[] =>
  all
    .filter(({ op, type }) => !["same", "read", "refresh"].includes(op) && type.startsWith("aws:"))
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)?.replace("shop-api-store-", "")}`)
    .sort();

test("AWS takes what the drivers ask for, keeps it unchanged, and replaces what has another name only", async () => {
  const preview = await stack.preview(program());
  expect([preview.code, preview.diagnostics]).toEqual([0, ""]);
  const up = await stack.up(program());
  expect([up.code, up.diagnostics]).toEqual([0, ""]);
  expect(stepsOf(up)).toEqual(stepsOf(preview));
  expect(stepsOf(await stack.preview(program()))).toEqual([]);

  const rotated = await stack.up(program({ "s3-aws": { rotation: 2 } }));
  expect([rotated.code, rotated.diagnostics]).toEqual([0, ""]);
  const steps = stepsOf(rotated).filter((step) => !step.includes("secret-value"));
  expect(steps).toEqual(["create key-2", "delete key-1"]);

  const renamed = await stack.preview(
    program({ "s3-aws": { rotation: 2, name: "company-store" }, dynamodb: { partition: "id" } }),
  );
  expect(stepsOf(renamed)).toEqual(expect.arrayContaining(["replace bucket", "replace table"]));
});
