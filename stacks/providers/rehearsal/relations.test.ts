import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../kubernetes/values.ts";
import { cue, exists, reasons } from "./fixture.ts";
import { refusedCreation, refusedDeletion } from "./existing.ts";
import { relationsOf } from "./relations.ts";
import { openWorld } from "./world.ts";

const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "x" } };
const document = (...Statement: object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });
const db = {
  engine: "postgres",
  instanceClass: "db.t4g.micro",
  username: "app",
  allocatedStorage: 20,
  skipFinalSnapshot: true,
};
const cache = { replicationGroupId: "c", description: "c", nodeType: "cache.t4g.micro" };
const table = { name: "t", hashKey: "id", billingMode: "PAY_PER_REQUEST" };

/** type, inputs that AWS accepts, inputs that it refuses, words of the refusal. */
const CASES: readonly (readonly [string, string, object, object, string])[] = [
  [
    "the block of a VPC begins at its first address",
    "ec2/vpc:Vpc",
    { cidrBlock: "10.0.0.0/16" },
    { cidrBlock: "10.0.1.0/16" },
    "must be its first",
  ],
  [
    "a VPC has a size",
    "ec2/vpc:Vpc",
    { cidrBlock: "10.0.0.0/28" },
    { cidrBlock: "10.0.0.0/8" },
    "from /16 to /28",
  ],
  [
    "a FIFO queue says so in its name",
    "sqs/queue:Queue",
    { name: "q.fifo", fifoQueue: true },
    { name: "q", fifoQueue: true },
    ".fifo",
  ],
  [
    "a name may not pretend to be FIFO",
    "sns/topic:Topic",
    { name: "t" },
    { name: "t.fifo" },
    ".fifo",
  ],
  [
    "keys of a table are attributes",
    "dynamodb/table:Table",
    { ...table, attributes: [{ name: "id", type: "S" }] },
    { ...table, attributes: [{ name: "other", type: "S" }] },
    "id is missing",
  ],
  [
    "keys of an index are attributes",
    "dynamodb/table:Table",
    { ...table, attributes: [{ name: "id", type: "S" }] },
    {
      ...table,
      attributes: [{ name: "id", type: "S" }],
      globalSecondaryIndexes: [{ name: "i", hashKey: "at", projectionType: "ALL" }],
    },
    "at is missing",
  ],
  [
    "attributes of a table are keys",
    "dynamodb/table:Table",
    { ...table, attributes: [{ name: "id", type: "S" }] },
    {
      ...table,
      attributes: [
        { name: "id", type: "S" },
        { name: "x", type: "S" },
      ],
    },
    "x is none",
  ],
  [
    "a trust policy is JSON",
    "iam/role:Role",
    { assumeRolePolicy: document(statement) },
    { assumeRolePolicy: "{not json" },
    "no JSON",
  ],
  [
    "a trust policy names who is trusted",
    "iam/role:Role",
    { assumeRolePolicy: document(statement) },
    { assumeRolePolicy: document({ Effect: "Allow", Action: "sts:AssumeRole" }) },
    "needs a Principal",
  ],
  [
    "a trust policy names no resource",
    "iam/role:Role",
    { assumeRolePolicy: document(statement) },
    { assumeRolePolicy: document({ ...statement, Resource: "*" }) },
    "names no Resource",
  ],
  [
    "a policy allows or denies",
    "iam/policy:Policy",
    { policy: document({ Effect: "Allow", Action: "s3:*", Resource: "*" }) },
    { policy: document({ Effect: "allow", Action: "s3:*", Resource: "*" }) },
    "Allow or Deny",
  ],
  [
    "a database has a password",
    "rds/instance:Instance",
    { ...db, password: "12345678" },
    db,
    "a password is needed",
  ],
  [
    "a database has one password",
    "rds/instance:Instance",
    { ...db, manageMasterUserPassword: true },
    { ...db, manageMasterUserPassword: true, password: "12345678" },
    "conflicts with",
  ],
  [
    "a document database has one password",
    "docdb/cluster:Cluster",
    { clusterIdentifier: "d", masterUsername: "u", manageMasterUserPassword: true },
    {
      clusterIdentifier: "d",
      masterUsername: "u",
      manageMasterUserPassword: true,
      masterPassword: "12345678",
    },
    "conflicts with",
  ],
  [
    "a final snapshot has a name that fits",
    "rds/instance:Instance",
    { ...db, manageMasterUserPassword: true, finalSnapshotIdentifier: "db-final" },
    { ...db, manageMasterUserPassword: true, finalSnapshotIdentifier: "db--final-" },
    "snapshot",
  ],
  [
    "storage grows to no less than it is",
    "rds/instance:Instance",
    { ...db, manageMasterUserPassword: true, maxAllocatedStorage: 100 },
    { ...db, manageMasterUserPassword: true, maxAllocatedStorage: 10 },
    "less than",
  ],
  [
    "failover needs two nodes",
    "elasticache/replicationGroup:ReplicationGroup",
    { ...cache, automaticFailoverEnabled: true, numCacheClusters: 2 },
    { ...cache, automaticFailoverEnabled: true, numCacheClusters: 1 },
    "failover needs two nodes",
  ],
  [
    "several zones need failover",
    "elasticache/replicationGroup:ReplicationGroup",
    { ...cache, multiAzEnabled: true, automaticFailoverEnabled: true, numCacheClusters: 2 },
    { ...cache, multiAzEnabled: true, numCacheClusters: 2 },
    "needs automaticFailoverEnabled",
  ],
  [
    "a token of a cache travels encrypted",
    "elasticache/replicationGroup:ReplicationGroup",
    { ...cache, authToken: "a-token-of-enough-length", transitEncryptionEnabled: true },
    { ...cache, authToken: "a-token-of-enough-length" },
    "needs transitEncryptionEnabled",
  ],
  [
    "a bucket's name fits",
    "s3/bucket:Bucket",
    { bucket: "my-bucket.1" },
    { bucket: "My_Bucket" },
    "InvalidBucketName",
  ],
  [
    "a bucket's name is no address",
    "s3/bucket:Bucket",
    { bucket: "my-bucket" },
    { bucket: "192.168.0.1" },
    "InvalidBucketName",
  ],
  [
    "a subnet group has two subnets",
    "rds/subnetGroup:SubnetGroup",
    { name: "g", subnetIds: ["subnet-1", "subnet-2"] },
    { name: "g", subnetIds: ["subnet-1"] },
    "two availability zones",
  ],
];

test.each(CASES)("%s", async (_, type, accepted, refused, words) => {
  expect(await reasons(type, accepted as never)).toEqual([]);
  const found = await reasons(type, refused as never);
  expect(found).not.toEqual([]);
  for (const reason of found) expect(reason).toContain(words);
});

test("what is not known yet is let through", async () => {
  expect(await reasons("iam/role:Role", { assumeRolePolicy: UNKNOWN })).toEqual([]);
  expect(await reasons("rds/subnetGroup:SubnetGroup", { name: "g", subnetIds: UNKNOWN })).toEqual(
    [],
  );
  expect(await reasons("s3/bucket:Bucket", { bucket: UNKNOWN })).toEqual([]);
  expect(await reasons("ec2/subnet:Subnet", { vpcId: UNKNOWN, cidrBlock: "10.9.0.0/24" })).toEqual(
    [],
  );
});

describe("beside what exists", () => {
  test("a subnet stands inside its VPC and over no other", async () => {
    const world = openWorld(undefined);
    const vpcId = await exists(world, "ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    await exists(world, "ec2/subnet:Subnet", "first", { vpcId, cidrBlock: "10.0.0.0/24" });
    const refused = (cidrBlock: string) =>
      reasons("ec2/subnet:Subnet", { vpcId, cidrBlock }, world);
    expect(await refused("10.0.1.0/24")).toEqual([]);
    expect((await refused("10.1.0.0/24"))[0]).toContain("not inside the VPC");
    expect((await refused("10.0.0.128/25"))[0]).toContain("overlaps 10.0.0.0/24");
  });

  test("the subnets of a group stand in two zones", async () => {
    const world = openWorld(undefined);
    const subnet = (name: string, zone: string, cidrBlock: string) =>
      exists(world, "ec2/subnet:Subnet", name, {
        vpcId: "vpc-1",
        availabilityZone: zone,
        cidrBlock,
      });
    const a = await subnet("a", "eu-central-1a", "10.0.0.0/24");
    const b = await subnet("b", "eu-central-1a", "10.0.1.0/24");
    const c = await subnet("c", "eu-central-1b", "10.0.2.0/24");
    const group = (subnetIds: string[]) =>
      reasons("docdb/subnetGroup:SubnetGroup", { name: "g", subnetIds }, world);
    expect(await group([a, c])).toEqual([]);
    expect((await group([a, b]))[0]).toContain("all are in eu-central-1a");
  });

  test("a name is taken once: a bucket's everywhere, a queue's in its region", async () => {
    const world = openWorld(undefined);
    await exists(world, "s3/bucket:Bucket", "there", { bucket: "taken", region: "us-east-1" });
    await exists(world, "sqs/queue:Queue", "there", { name: "taken", region: "us-east-1" });
    expect((await reasons("s3/bucket:Bucket", { bucket: "taken" }, world))[0]).toContain(
      "AlreadyExists",
    );
    expect(await reasons("sqs/queue:Queue", { name: "taken" }, world)).toEqual([]);
    const there = { name: "taken", region: "us-east-1" };
    expect((await reasons("sqs/queue:Queue", there, world))[0]).toContain("AlreadyExists");
  });

  test("a resource does not stand in its own way, but for what is to be created beside it", async () => {
    const world = openWorld(undefined);
    await exists(world, "s3/bucket:Bucket", "one", { bucket: "own" });
    expect(await reasons("s3/bucket:Bucket", { bucket: "own" }, world)).toEqual([]);
    const elsewhere = cue("s3/bucket:Bucket", "one", world);
    elsewhere.urn = elsewhere.urn.replace("aws:s3", "fairway:x:X$aws:s3");
    expect(relationsOf(elsewhere, { bucket: "own" }, {})).toEqual([]);
    const here = cue("s3/bucket:Bucket", "one", world);
    expect(refusedCreation(here, { bucket: "own" })).toContain("AlreadyExists");
    expect(refusedCreation(here, { bucket: "another" })).toBeUndefined();
  });
});

describe("a deletion is refused", () => {
  const refusal = (type: string, stored: object, world = openWorld(undefined), id = "x") =>
    refusedDeletion(cue(type, "one", world), id, stored as never);

  test("of what is protected", () => {
    const kept = { skipFinalSnapshot: true, deletionProtection: true };
    expect(refusal("rds/instance:Instance", kept)).toContain("protected");
    expect(
      refusal("rds/instance:Instance", { ...kept, deletionProtection: false }),
    ).toBeUndefined();
    expect(refusal("dynamodb/table:Table", { deletionProtectionEnabled: true })).toContain(
      "protected",
    );
    expect(refusal("lb/loadBalancer:LoadBalancer", { enableDeletionProtection: true })).toContain(
      "protected",
    );
  });

  test("of a database without a last snapshot", () => {
    expect(refusal("rds/instance:Instance", {})).toContain("finalSnapshotIdentifier is required");
    expect(refusal("docdb/cluster:Cluster", { finalSnapshotIdentifier: "last" })).toBeUndefined();
  });

  test("of a VPC with subnets, and of a bucket with objects unless it is forced", async () => {
    const world = openWorld(undefined);
    const vpcId = await exists(world, "ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    await exists(world, "ec2/subnet:Subnet", "s", { vpcId, cidrBlock: "10.0.0.0/24" });
    expect(refusal("ec2/vpc:Vpc", {}, world, vpcId)).toContain("DependencyViolation");
    await exists(world, "s3/bucketObjectv2:BucketObjectv2", "o", { bucket: "b", key: "k" });
    expect(refusal("s3/bucket:Bucket", {}, world, "b")).toContain("DependencyViolation");
    expect(refusal("s3/bucket:Bucket", { forceDestroy: true }, world, "b")).toBeUndefined();
  });
});
