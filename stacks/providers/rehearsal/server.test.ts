import { credentials } from "@grpc/grpc-js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, expect, test } from "vitest";
import type { JsonObject } from "../kubernetes/json.ts";
import { decode, encode } from "../kubernetes/values.ts";
import { serveRehearsal, type RehearsalOptions } from "./server.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Done<A> = (error: Error | null, answer: A) => void;

/** A provider instance: a connection of its own, configured. */
async function connect(port: number, args: JsonObject) {
  const client = new service.ResourceProviderClient(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
    // Connections to one address are shared otherwise; the engine dials one for each instance.
    { "grpc.use_local_subchannel_pool": 1 },
  );
  closing.push(() => client.close());
  const ask = <A>(call: (done: Done<A>) => unknown): Promise<A> =>
    new Promise(
      (resolve, reject) => void call((error, answer) => (error ? reject(error) : resolve(answer))),
    );
  const configure = new proto.ConfigureRequest();
  configure.setArgs(encode(args));
  await ask<proto.ConfigureResponse>((done) => client.configure(configure, done));
  return {
    async check(type: string, inputs: JsonObject) {
      const request = new proto.CheckRequest();
      request.setUrn(`urn:pulumi:s::fairway::${type}::x`);
      request.setNews(encode(inputs));
      return await ask<proto.CheckResponse>((done) => client.check(request, done));
    },
    async create(type: string, inputs: JsonObject, secrets: (string | number)[][] = []) {
      const request = new proto.CreateRequest();
      request.setUrn(`urn:pulumi:s::fairway::${type}::x`);
      request.setProperties(encode(inputs, secrets));
      return await ask<proto.CreateResponse>((done) => client.create(request, done));
    },
  };
}

async function serve(options: RehearsalOptions = {}): Promise<number> {
  const server = await serveRehearsal(options);
  closing.push(server.close);
  return server.port;
}

const QUEUE = "aws:sqs/queue:Queue";
const tagged = (region: string, team: string): JsonObject => ({
  region,
  defaultTags: JSON.stringify({ tags: { team } }),
});

test("two instances on one server keep their own region and tags", async () => {
  const port = await serve();
  const [a, b] = [
    await connect(port, tagged("eu-central-1", "a")),
    await connect(port, tagged("us-east-1", "b")),
  ];
  const all = async (instance: typeof a) =>
    decode((await instance.check(QUEUE, { name: "q" })).getInputs()).value["tagsAll"];
  expect([await all(a), await all(b)]).toEqual([{ team: "a" }, { team: "b" }]);
  expect((await a.create(QUEUE, { name: "q" })).getId()).toContain("eu-central-1");
  expect((await b.create(QUEUE, { name: "r" })).getId()).toContain("us-east-1");
});

test("an error repeats no secret", async () => {
  const planted = "hunter2-planted-secret";
  const scenario = [{ play: "fail", message: `cannot use ${planted}` }] as const;
  const client = await connect(await serve({ scenario }), tagged("eu-central-1", "a"));
  const failed = client.create(
    "aws:secretsmanager/secretVersion:SecretVersion",
    { secretId: "s", secretString: planted },
    [["secretString"]],
  );
  await expect(failed).rejects.toThrow("cannot use [secret]");
});

test("a connection that was never configured is refused", async () => {
  const port = await serve();
  const client = new service.ResourceProviderClient(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
    {
      "grpc.use_local_subchannel_pool": 1,
    },
  );
  closing.push(() => client.close());
  const request = new proto.CheckRequest();
  request.setUrn(`urn:pulumi:s::fairway::${QUEUE}::x`);
  const failed = new Promise((resolve, reject) =>
    client.check(request, (error, answer) => (error ? reject(error) : resolve(answer))),
  );
  await expect(failed).rejects.toThrow("no configured provider");
});

test("a resource of another package is echoed", async () => {
  const client = await connect(await serve(), {});
  const made = await client.create("random:index/randomId:RandomId", { byteLength: 4 });
  expect(made.getId()).toMatch(/^rehearsed-/);
  expect(decode(made.getProperties()).value).toEqual({ byteLength: 4 });
});

test("what was created late is waited for by what names it", async () => {
  let now = 0;
  const scenario = [{ play: "eventual", type: "aws:iam/*", milliseconds: 60 }] as const;
  const client = await connect(
    await serve({ scenario, now: () => (now += 20) }),
    tagged("eu-central-1", "a"),
  );
  const role = await client.create("aws:iam/role:Role", { name: "r", assumeRolePolicy: "{}" });
  const arn = decode(role.getProperties()).value["arn"]!;
  const before = now;
  await client.create("aws:lambda/function:Function", { role: arn });
  expect(now).toBeGreaterThan(before + 20);
});
