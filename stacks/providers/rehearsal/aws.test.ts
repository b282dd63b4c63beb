import { describe, expect, test } from "vitest";
import { at, type JsonObject } from "../kubernetes/json.ts";
import { UNKNOWN } from "../kubernetes/values.ts";
import { playAws } from "./aws.ts";
import { chanceOf } from "./chance.ts";
import { checked, cue, difference, plain, reasons } from "./fixture.ts";
import { openLibrary } from "./library.ts";

const aws = playAws(openLibrary());

describe("check", () => {
  test("fills in what the provider fills in, and remembers it", async () => {
    const { value } = await checked("sqs/queue:Queue", { name: "q", delaySeconds: 5 });
    expect(value).toMatchObject({
      delaySeconds: 5,
      fifoQueue: false,
      visibilityTimeoutSeconds: 30,
    });
    expect(value["__defaults"]).toContain("fifoQueue");
    expect(value["__defaults"]).not.toContain("delaySeconds");
    expect(value["tagsAll"]).toEqual({ team: "a" });
  });

  test("puts the resource's own tags over the provider's, unknown as they may be", async () => {
    const tags = async (given: object | string) =>
      (await checked("sqs/queue:Queue", { name: "q", tags: given as never })).value["tagsAll"];
    expect(await tags({ team: "b", x: "y" })).toEqual({ team: "b", x: "y" });
    expect(await tags({ x: UNKNOWN })).toEqual({ team: "a", x: UNKNOWN });
    expect(await tags(UNKNOWN)).toBe(UNKNOWN);
  });

  test("makes names by the provider's rules, and keeps them for life", async () => {
    const named = async (type: string, inputs: object, property = "name") =>
      (await checked(type, inputs as never)).value[property];
    expect(await named("sqs/queue:Queue", { fifoQueue: true })).toMatch(/^one-[0-9a-f]{7}\.fifo$/);
    expect(await named("s3/bucket:Bucket", {}, "bucket")).toMatch(/^one-[0-9a-f]{7}$/);
    const db = {
      engine: "postgres",
      instanceClass: "x",
      username: "u",
      manageMasterUserPassword: true,
    };
    expect(await named("rds/instance:Instance", db, "identifier")).toMatch(/^one[0-9a-f]{7}$/);
    const again = await checked("sqs/queue:Queue", {}, undefined, { name: "one-0000000" });
    expect(again.value["name"]).toBe("one-0000000");
  });

  test("marks what the tables call secret, nested too", async () => {
    const broker = {
      brokerName: "b",
      engineType: "RABBITMQ",
      engineVersion: "3.13",
      hostInstanceType: "mq.m5.large",
      users: [{ username: "u", password: "p" }],
    };
    const { secrets, refusals } = await checked("mq/broker:Broker", broker);
    expect(refusals).toEqual([]);
    expect(secrets).toContainEqual(["users", 0, "password"]);
  });

  test("takes documents as objects, and makes them texts", async () => {
    const document = { Statement: [{ Effect: "Allow", Action: "a", Principal: "*" }] };
    const { value } = await checked("iam/role:Role", { assumeRolePolicy: document });
    expect(value["assumeRolePolicy"]).toBe(JSON.stringify(document));
  });

  test.each([
    [
      "a property that does not exist",
      { name: "q", visibility: 3 },
      "there is no property visibility",
    ],
    ["a number out of range", { name: "q", delaySeconds: 901 }, "not from 0 to 900"],
    ["none of the values allowed", { name: "q", deduplicationScope: "all" }, "none of"],
    ["a wrong form", { name: "q", tags: "a" }, "must be a map"],
    ["two that exclude each other", { name: "q", namePrefix: "q" }, "conflicts with"],
  ])("refuses %s", async (_, inputs, words) => {
    expect((await reasons("sqs/queue:Queue", inputs as never)).join("\n")).toContain(words);
  });

  test("refuses in nested objects, and says where", async () => {
    const given = { bucket: "b", versioningConfiguration: { status: "On" } };
    expect(await reasons("s3/bucketVersioning:BucketVersioning", given)).toEqual([
      expect.stringMatching(/^versioningConfiguration\.status: "On" is none of/),
    ]);
  });

  test("refuses a type that the SDK does not have", async () => {
    await expect(checked("sqs/nothing:Nothing", {})).rejects.toThrow("no resource type");
  });

  test("refuses a provider without a region", async () => {
    const here = cue("sqs/queue:Queue", "one");
    const nowhere = { ...here, settings: { ...here.settings, region: "" } };
    const { refusals } = await aws.check(
      nowhere,
      plain({}),
      plain({ name: "q" }),
      new Uint8Array(32),
    );
    expect(refusals).toEqual([
      { property: "region", reason: expect.stringContaining("no region") },
    ]);
  });
});

describe("diff", () => {
  const db = { identifier: "a", engine: "postgres", storageEncrypted: true, allocatedStorage: 20 };

  test.each([
    ["rds/instance:Instance", "engine", "mysql", true],
    ["rds/instance:Instance", "storageEncrypted", false, true],
    ["rds/instance:Instance", "identifier", "b", false],
    ["rds/instance:Instance", "allocatedStorage", 30, false],
    ["ec2/subnet:Subnet", "cidrBlock", "10.0.1.0/24", true],
    ["ec2/securityGroup:SecurityGroup", "description", "other", true],
    ["dynamodb/table:Table", "hashKey", "other", true],
    ["s3/bucket:Bucket", "bucket", "other", true],
  ])("%s: another %s replaces: %s %s", async (type, property, value, replaces) => {
    const old = { ...db, cidrBlock: "10.0.0.0/24", description: "d", hashKey: "h", bucket: "b" };
    const { changes, replacing } = await difference(type, old, { ...old, [property]: value });
    expect(changes).toEqual([property]);
    expect(replacing).toEqual(replaces ? [property] : []);
  });

  const brokers = (more: object): JsonObject => ({
    brokerNodeGroupInfo: {
      instanceType: "kafka.m7g.large",
      clientSubnets: ["a", "b"],
      securityGroups: ["s"],
      storageInfo: { ebsStorageInfo: { volumeSize: 100 } },
      ...more,
    },
  });
  const point = (more: object): JsonObject => ({ posixUser: { uid: 1, gid: 1, ...more } });
  const CLUSTER = "eks/cluster:Cluster";

  test.each([
    ["broker's size", "msk/cluster:Cluster", brokers({}), brokers({ instanceType: "x" }), false],
    [
      "broker's disk",
      "msk/cluster:Cluster",
      brokers({}),
      brokers({ storageInfo: { ebsStorageInfo: { volumeSize: 200 } } }),
      false,
    ],
    ["broker's place", "msk/cluster:Cluster", brokers({}), brokers({ clientSubnets: ["c"] }), true],
    ["block that goes", "msk/cluster:Cluster", brokers({}), {}, true],
    [
      "block that is known as a whole",
      "efs/accessPoint:AccessPoint",
      point({}),
      point({ gid: 2 }),
      true,
    ],
    ["block that comes", CLUSTER, {}, { accessConfig: { authenticationMode: "API" } }, false],
    [
      "block that comes with something that cannot",
      CLUSTER,
      {},
      { accessConfig: { bootstrapClusterCreatorAdminPermissions: false } },
      true,
    ],
  ])("of what stands in blocks: a %s", async (_, type, old, now, replaces) => {
    const { changes, replacing } = await difference(type, old, now);
    expect(changes).not.toEqual([]);
    expect(replacing).toEqual(replaces ? changes : []);
  });

  test("the old goes first where both would have one name", async () => {
    const old = { ...db };
    expect(
      (await difference("rds/instance:Instance", old, { ...old, engine: "mysql" })).deleteFirst,
    ).toBe(true);
    const made = { ...old, __defaults: ["identifier"] };
    expect(
      (await difference("rds/instance:Instance", made, { ...made, engine: "mysql" })).deleteFirst,
    ).toBe(false);
  });

  test("order of sets, layout of JSON and what the cloud chose are no change", async () => {
    const same = async (type: string, old: object, now: object) =>
      expect((await difference(type, old as never, now as never)).changes).toEqual([]);
    await same(
      "rds/instance:Instance",
      { vpcSecurityGroupIds: ["a", "b"] },
      { vpcSecurityGroupIds: ["b", "a"] },
    );
    await same(
      "sqs/queuePolicy:QueuePolicy",
      { policy: '{"a":1,"b":2}' },
      { policy: '{ "b": 2, "a": 1 }' },
    );
    await same(
      "iam/role:Role",
      {
        assumeRolePolicy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"a"}]}',
      },
      {
        assumeRolePolicy:
          '{\n  "Statement": [ { "Action": "a", "Effect": "Allow" } ],\n  "Version": "2012-10-17"\n}',
      },
    );
    await same("ec2/subnet:Subnet", { availabilityZone: "eu-central-1a" }, {});
  });

  test("another region replaces, another spelling of the same does not", async () => {
    const stored = { name: "q", region: "eu-central-1" };
    expect(
      (
        await difference(
          "sqs/queue:Queue",
          { name: "q" },
          { name: "q", region: "eu-central-1" },
          stored,
        )
      ).changes,
    ).toEqual([]);
    const moved = await difference(
      "sqs/queue:Queue",
      { name: "q" },
      { name: "q", region: "eu-west-1" },
      stored,
    );
    expect(moved.replacing).toEqual(["region"]);
  });

  test("a lower version replaces where AWS cannot go back", async () => {
    const versions = async (from: string, to: string) =>
      (
        await difference(
          "eks/cluster:Cluster",
          { name: "c", version: from },
          { name: "c", version: to },
        )
      ).replacing;
    expect(await versions("1.32", "1.33")).toEqual([]);
    expect(await versions("1.33", "1.32")).toEqual(["version"]);
  });
});

describe("what is made", () => {
  test("a preview knows what was given, and that the rest will be, however deep", async () => {
    const { id, outputs } = await aws.foresee(
      cue("eks/cluster:Cluster", "c"),
      plain({ name: "c", roleArn: "r", vpcConfig: { subnetIds: ["s"] } }),
    );
    expect(id).toBe("");
    expect(outputs.value).toMatchObject({ name: "c", endpoint: UNKNOWN, region: "eu-central-1" });
    expect(at(outputs.value, "vpcConfig", "clusterSecurityGroupId")).toBe(UNKNOWN);
  });

  test("ids repeat for one generation and differ between two", async () => {
    const make = async (seed: string) =>
      (await aws.make(cue("ec2/vpc:Vpc", "v"), plain({ cidrBlock: "10.0.0.0/16" }), chanceOf(seed)))
        .id;
    expect(await make("urn 1")).toBe(await make("urn 1"));
    expect(await make("urn 1")).not.toBe(await make("urn 2"));
    expect(await make("urn 1")).toMatch(/^vpc-[0-9a-f]{17}$/);
  });

  test("an output that depends on the unknown is unknown", async () => {
    const { outputs } = await aws.make(
      cue("sqs/queue:Queue", "q"),
      plain({ name: UNKNOWN }),
      chanceOf("x"),
    );
    expect(outputs.value["arn"]).toBe(UNKNOWN);
  });

  test("an access key's secret is one", async () => {
    const { outputs } = await aws.make(
      cue("iam/accessKey:AccessKey", "k"),
      plain({ user: "u" }),
      chanceOf("x"),
    );
    expect(outputs.secrets).toContainEqual(["secret"]);
    expect(outputs.value["secret"]).toMatch(/^[a-z0-9]{40}$/);
  });
});
