import type { Refusal } from "../kubernetes/check.ts";
import { listAt, objectAt, textAt, type Json, type JsonObject } from "../kubernetes/json.ts";
import { hasUnknown, UNKNOWN } from "../kubernetes/values.ts";
import { blockOf, isInside, overlaps } from "./cidr.ts";
import { taken } from "./existing.ts";
import { isJson } from "./limits.ts";
import { nameOf } from "./names.ts";
import type { Cue } from "./player.ts";
import { type Thing, stackOf } from "./world.ts";

/** A rule between properties, or between a resource and what exists; it speaks only of values that are known. */
interface Relation {
  property: string;
  /** Why AWS would refuse, if it would. */
  refuses: (inputs: JsonObject, cue: Cue) => string | undefined;
}

const says = (holds: boolean, reason: string): string | undefined => (holds ? undefined : reason);

const known = (inputs: JsonObject, property: string): string => {
  const text = textAt(inputs, property);
  return text === UNKNOWN ? "" : text;
};

const others = (cue: Cue, type: string): Thing[] =>
  cue.world.all().filter((thing) => thing.type === type && thing.urn !== cue.urn);

/** A name ends in `.fifo` exactly where the resource is one. */
const fifo = (flag: string): Relation => ({
  property: "name",
  refuses: (inputs) => {
    const name = known(inputs, "name");
    if (name === "" || inputs[flag] === UNKNOWN) return undefined;
    return says(
      name.endsWith(".fifo") === (inputs[flag] === true),
      `a name ends in ".fifo" where ${flag} is true, and only there: ${name}`,
    );
  },
});

/** A JSON policy document with statements; a trust policy names no resource. */
const policy = (property: string, trust = false): Relation => ({
  property,
  refuses: (inputs) => {
    const text = known(inputs, property);
    if (text === "" || text.includes(UNKNOWN)) return undefined;
    if (!isJson(text)) return `MalformedPolicyDocument: ${property} is no JSON`;
    const statement = (JSON.parse(text) as JsonObject)["Statement"];
    const statements = Array.isArray(statement) ? statement : statement ? [statement] : [];
    if (statements.length === 0) return `MalformedPolicyDocument: ${property} has no statement`;
    for (const one of statements) {
      const effect = objectAt(one)["Effect"];
      if (effect !== "Allow" && effect !== "Deny")
        return `MalformedPolicyDocument: the Effect of each statement is Allow or Deny`;
      if (objectAt(one)["Action"] === undefined && objectAt(one)["NotAction"] === undefined)
        return `MalformedPolicyDocument: each statement needs an Action`;
      if (trust && objectAt(one)["Resource"] !== undefined)
        return "MalformedPolicyDocument: a trust policy names no Resource";
      const principal = objectAt(one)["Principal"] ?? objectAt(one)["NotPrincipal"];
      if (trust && principal === undefined)
        return "MalformedPolicyDocument: a trust policy needs a Principal in each statement";
    }
    return undefined;
  },
});

/** Subnets of a group stand in two zones at least. */
const twoZones: Relation = {
  property: "subnetIds",
  refuses: (inputs, cue) => {
    const ids = listAt(inputs, "subnetIds");
    if (hasUnknown(inputs["subnetIds"])) return undefined;
    const subnets = cue.world.all().filter(({ type, id }) => type === SUBNET && ids.includes(id));
    if (new Set(ids).size < 2) return "needs subnets in at least two availability zones";
    if (subnets.length < ids.length) return undefined;
    const zones = new Set(subnets.map(({ outputs }) => textAt(outputs, "availabilityZone")));
    return says(
      zones.size >= 2,
      `needs subnets in at least two availability zones; all are in ${[...zones].join(", ")}`,
    );
  },
};

/** A source of the first password, unless the data come from elsewhere. */
const somePassword = (
  passwords: readonly string[],
  managed: string,
  sources: readonly string[],
): Relation => ({
  property: passwords[0] ?? "",
  refuses: (inputs) => {
    if (sources.some((source) => inputs[source] !== undefined)) return undefined;
    const given = passwords.filter((name) => inputs[name] !== undefined);
    return says(
      inputs[managed] === true || inputs[managed] === UNKNOWN || given.length > 0,
      `a password is needed: ${passwords.join(" or ")}, or ${managed}`,
    );
  },
});

/** A final snapshot has a name where one is made. */
const finalSnapshot: Relation = {
  property: "finalSnapshotIdentifier",
  refuses: (inputs) => {
    const name = known(inputs, "finalSnapshotIdentifier");
    if (name === "") return undefined;
    return says(
      /^[A-Za-z](-?[A-Za-z0-9])*$/.test(name),
      `a snapshot's name begins with a letter, holds letters, digits and single hyphens, and does not end in one: ${name}`,
    );
  },
};

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";

const RELATIONS: Readonly<Record<string, readonly Relation[]>> = {
  [VPC]: [
    {
      property: "cidrBlock",
      refuses: (inputs) => {
        const text = known(inputs, "cidrBlock");
        if (text === "") return undefined;
        const block = blockOf(text);
        if (!block) return `${text} is no block: its address must be its first`;
        return says(block.bits >= 16 && block.bits <= 28, "a VPC takes blocks from /16 to /28");
      },
    },
  ],
  [SUBNET]: [
    {
      property: "cidrBlock",
      refuses: (inputs, cue) => {
        const text = known(inputs, "cidrBlock");
        if (text === "") return undefined;
        const block = blockOf(text);
        if (!block) return `${text} is no block: its address must be its first`;
        if (block.bits < 16 || block.bits > 28) return "a subnet takes blocks from /16 to /28";
        const vpcId = known(inputs, "vpcId");
        const vpc = others(cue, VPC).find(({ id }) => id === vpcId);
        const whole = blockOf(textAt(vpc?.outputs, "cidrBlock"));
        if (whole && !isInside(block, whole))
          return `InvalidSubnet.Range: ${text} is not inside the VPC's ${textAt(vpc?.outputs, "cidrBlock")}`;
        const other = others(cue, SUBNET).find(({ outputs }) => {
          const theirs = blockOf(textAt(outputs, "cidrBlock"));
          return (
            textAt(outputs, "vpcId") === vpcId && theirs !== undefined && overlaps(theirs, block)
          );
        });
        return says(
          other === undefined,
          `InvalidSubnet.Conflict: ${text} overlaps ${textAt(other?.outputs, "cidrBlock")} of ${other?.id}`,
        );
      },
    },
  ],
  "aws:sqs/queue:Queue": [fifo("fifoQueue")],
  "aws:sns/topic:Topic": [fifo("fifoTopic")],
  "aws:dynamodb/table:Table": [
    {
      property: "attributes",
      refuses: (inputs) => {
        if (hasUnknown(inputs["attributes"])) return undefined;
        const attributes = new Set(listAt(inputs, "attributes").map((one) => textAt(one, "name")));
        const indexes: Json[] = [
          inputs,
          ...listAt(inputs, "globalSecondaryIndexes"),
          ...listAt(inputs, "localSecondaryIndexes"),
        ];
        const keys = new Set(
          indexes
            .flatMap((index) => [
              textAt(index, "hashKey"),
              textAt(index, "rangeKey"),
              ...listAt(index, "keySchemas").map((key) => textAt(key, "attributeName")),
            ])
            .filter((key) => key !== "" && key !== UNKNOWN),
        );
        const missing = [...keys].filter((key) => !attributes.has(key));
        if (missing.length > 0) return `keys must be attributes: ${missing.join(", ")} is missing`;
        const unused = [...attributes].filter((name) => !keys.has(name));
        return says(
          unused.length === 0,
          `all attributes must be keys: ${unused.join(", ")} is none`,
        );
      },
    },
  ],
  "aws:iam/role:Role": [policy("assumeRolePolicy", true)],
  "aws:iam/policy:Policy": [policy("policy")],
  "aws:iam/rolePolicy:RolePolicy": [policy("policy")],
  "aws:iam/userPolicy:UserPolicy": [policy("policy")],
  "aws:kms/key:Key": [policy("policy")],
  "aws:s3/bucketPolicy:BucketPolicy": [policy("policy")],
  "aws:sqs/queuePolicy:QueuePolicy": [policy("policy")],
  "aws:sns/topicPolicy:TopicPolicy": [policy("policy")],
  "aws:rds/instance:Instance": [
    somePassword(["password", "passwordWo"], "manageMasterUserPassword", [
      "replicateSourceDb",
      "snapshotIdentifier",
      "restoreToPointInTime",
      "s3Import",
    ]),
    finalSnapshot,
    {
      property: "maxAllocatedStorage",
      refuses: ({ maxAllocatedStorage: most, allocatedStorage: now }) =>
        typeof most !== "number" || typeof now !== "number" || most === 0
          ? undefined
          : says(most >= now, `${most} is less than allocatedStorage ${now}`),
    },
  ],
  "aws:rds/subnetGroup:SubnetGroup": [twoZones],
  "aws:docdb/subnetGroup:SubnetGroup": [twoZones],
  "aws:docdb/cluster:Cluster": [
    somePassword(["masterPassword", "masterPasswordWo"], "manageMasterUserPassword", [
      "snapshotIdentifier",
      "restoreToPointInTime",
      "globalClusterIdentifier",
    ]),
    finalSnapshot,
  ],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    {
      property: "automaticFailoverEnabled",
      refuses: (inputs) => {
        const { numCacheClusters: nodes, replicasPerNodeGroup: replicas } = inputs;
        const single =
          typeof nodes === "number"
            ? nodes < 2
            : typeof replicas === "number"
              ? replicas < 1
              : nodes === undefined && replicas === undefined;
        const failover = inputs["automaticFailoverEnabled"] === true;
        if (failover && single) return "failover needs two nodes: numCacheClusters of at least 2";
        return says(
          inputs["multiAzEnabled"] !== true || failover,
          "multiAzEnabled needs automaticFailoverEnabled",
        );
      },
    },
    {
      property: "authToken",
      refuses: (inputs) =>
        says(
          inputs["authToken"] === undefined || inputs["transitEncryptionEnabled"] === true,
          "authToken needs transitEncryptionEnabled",
        ),
    },
  ],
  "aws:s3/bucket:Bucket": [
    {
      property: "bucket",
      refuses: (inputs) => {
        const name = known(inputs, "bucket");
        if (name === "") return undefined;
        const fits =
          /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
          !name.includes("..") &&
          !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
          !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
          !/(-s3alias|--ol-s3|--x-s3)$/.test(name);
        return says(
          fits,
          `InvalidBucketName: 3 to 63 lower-case letters, digits, dots and hyphens, no address and no reserved beginning or end: ${name}`,
        );
      },
    },
  ],
};

/** Whether it is what a program calls so, under whatever parents: it is replaced, and gone before its name is taken again. */
const isItself = (urn: string, other: string): boolean =>
  stackOf(urn) === stackOf(other) && urn.split("::").at(-1) === other.split("::").at(-1);

/** What AWS would say to these inputs, given what exists; `olds` are empty for what is to be created. */
export function relationsOf(cue: Cue, inputs: JsonObject, olds: JsonObject): Refusal[] {
  const refusals = (RELATIONS[cue.type] ?? []).flatMap(({ property, refuses }) => {
    const reason = refuses(inputs, cue);
    return reason === undefined ? [] : [{ property, reason }];
  });
  if (Object.keys(olds).length === 0) {
    const reason = taken(cue, inputs, ({ urn }) => !isItself(urn, cue.urn));
    if (reason !== undefined) refusals.push({ property: nameOf(cue.type) ?? "name", reason });
  }
  return refusals;
}
