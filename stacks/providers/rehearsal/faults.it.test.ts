import { afterEach, describe, expect, test } from "vitest";
import { UserPool } from "@pulumi/aws/cognito/userPool.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Provider } from "@pulumi/aws/provider.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { getParameterOutput } from "@pulumi/aws/ssm/getParameter.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { findEngine } from "../../../tools/engine/engine.ts";
import { openWorkspace, resourcesOf, type Program, type Run } from "../kubernetes/harness.ts";
import { readScenario, serveRehearsal } from "./index.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A stack of the real engine whose operations are disturbed. */
async function disturbed(...disturbances: object[]) {
  const engine = await findEngine();
  if (!engine) throw new Error("the engine is missing");
  const scenario = readScenario(JSON.stringify({ disturbances }));
  const server = await serveRehearsal({ scenario });
  const workspace = openWorkspace({ pulumi: engine.path, providers: `aws:${server.port}` });
  closing.push(workspace.close, server.close);
  return { ...(await workspace.stack("faults")), unknown: server.replacementUnknown };
}

const inAws =
  (build: (options: { provider: Provider }) => unknown): Program =>
  () => {
    build({ provider: new Provider("aws", { region: "eu-central-1" }) });
  };
const changed = ({ all }: Run): string[] =>
  all
    .filter(({ op, type }) => op !== "same" && /^aws:\w+\//.test(type))
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
    .sort();

describe("an operation that AWS disturbs", () => {
  test("ends well where the provider tries again, and waits for what is seen late", async () => {
    const stack = await disturbed(
      { play: "throttle", type: "aws:sqs/*", times: 2 },
      { play: "eventual", type: "aws:iam/role:*", milliseconds: 400 },
      { play: "slow", type: "aws:sqs/*", milliseconds: 100 },
    );
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
    const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: "*" };
    const program = inAws((options) => {
      new Queue("queue", { name: "queue" }, options);
      const assumeRolePolicy = JSON.stringify({ Statement: [trust] });
      const role = new Role("role", { name: "role", assumeRolePolicy }, options);
      new RolePolicy("policy", { role: role.id, policy }, options);
    });
    const up = await stack.up(program);
    expect([up.code, up.diagnostics]).toEqual([0, ""]);
    expect(up.milliseconds).toBeGreaterThan(400);
  });

  test("leaves in state what was created although it failed, and mends it the next time", async () => {
    const stack = await disturbed({
      play: "fail-after-create",
      type: "aws:s3/*",
      times: 1,
      message: "waiting for the bucket failed",
    });
    const program = inAws((options) => new Bucket("bucket", { bucket: "half" }, options));
    const up = await stack.up(program);
    expect(up.code).not.toBe(0);
    expect(up.diagnostics).toContain("waiting for the bucket failed");
    const half = resourcesOf(stack.state()).get("Bucket bucket");
    expect(half).toMatchObject({ id: "half", initErrors: ["waiting for the bucket failed"] });
    const again = await stack.up(program);
    expect([again.code, changed(again)]).toEqual([0, ["update bucket"]]);
    expect(changed(await stack.preview(program))).toEqual([]);
  });

  test("fails where AWS gives up", async () => {
    const stack = await disturbed({ play: "throttle", times: 99 });
    const up = await stack.up(inAws((options) => new Queue("queue", {}, options)));
    expect(up.code).not.toBe(0);
    expect(up.diagnostics).toContain("ThrottlingException: Rate exceeded");
    expect(resourcesOf(stack.state()).has("Queue queue")).toBe(false);
  });
});

describe("what is refused", () => {
  test("stands in the preview, at its property", async () => {
    const stack = await disturbed();
    const preview = await stack.preview(
      inAws((options) => new Bucket("bucket", { bucket: "Not_A_Bucket" }, options)),
    );
    expect(preview.code).not.toBe(0);
    expect(preview.diagnostics).toContain("InvalidBucketName");
  });

  test("stands in the update where only it knows the ids, and leaves the rest done", async () => {
    const stack = await disturbed();
    const program = inAws((options) => {
      const vpc = new Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, options);
      new Subnet("subnet", { vpcId: vpc.id, cidrBlock: "10.1.0.0/24" }, options);
    });
    expect((await stack.preview(program)).code).toBe(0);
    const up = await stack.up(program);
    expect(up.code).not.toBe(0);
    expect(up.diagnostics).toContain("InvalidSubnet.Range");
    expect(resourcesOf(stack.state()).has("Vpc vpc")).toBe(true);
  });

  test("is a function that rehearsal cannot answer", async () => {
    const stack = await disturbed();
    const program = inAws((options) => {
      const given = getParameterOutput({ name: "n" }, options);
      new Queue("queue", { name: given.value }, options);
    });
    const preview = await stack.preview(program);
    expect(preview.code).not.toBe(0);
    expect(preview.diagnostics + preview.output).toContain(
      "rehearsal cannot answer aws:ssm/getParameter",
    );
  });
});

test("a change of a type that no table knows says that its replacement is unknown", async () => {
  const stack = await disturbed();
  const pool = (mfaConfiguration: string): Program =>
    inAws((options) => new UserPool("pool", { name: "pool", mfaConfiguration }, options));
  expect((await stack.up(pool("OFF"))).code).toBe(0);
  expect(stack.unknown()).toEqual(["aws:cognito/userPool:UserPool"]);
  const preview = await stack.preview(pool("ON"));
  expect(changed(preview)).toEqual(["update pool"]);
  expect(preview.diagnostics).toContain("replacement unknown");
});
