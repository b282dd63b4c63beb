import { createHash } from "node:crypto";
import { textAt, type JsonObject } from "../kubernetes/json.ts";
import type { Properties } from "./facts.ts";

/** How the provider makes a name where none is given. */
interface Rule {
  property: string;
  /** Longest name. Default 255. */
  most?: number;
  lower?: boolean;
  /** Between the name and the random part. Default `-`. */
  separator?: string;
  prefix?: string;
  /** Put behind where the inputs say so. */
  suffix?: (inputs: JsonObject) => string;
  /** A given value of this one forbids a made name. */
  unless?: string;
}

const fifo =
  (property: string) =>
  (inputs: JsonObject): string =>
    inputs[property] === true ? ".fifo" : "";

/** Where the rule is not "property `name`, a dash, seven hexadecimal digits". Source: the provider's documented limits. */
const RULES: Readonly<Record<string, Rule>> = {
  "aws:s3/bucket:Bucket": { property: "bucket", most: 63, lower: true, unless: "bucketPrefix" },
  "aws:iam/role:Role": { property: "name", most: 64 },
  "aws:iam/user:User": { property: "name", most: 64 },
  "aws:sqs/queue:Queue": { property: "name", most: 80, suffix: fifo("fifoQueue") },
  "aws:sns/topic:Topic": { property: "name", most: 80, suffix: fifo("fifoTopic") },
  "aws:rds/instance:Instance": {
    property: "identifier",
    most: 63,
    lower: true,
    separator: "",
    unless: "identifierPrefix",
  },
  "aws:docdb/cluster:Cluster": {
    property: "clusterIdentifier",
    most: 63,
    lower: true,
    unless: "clusterIdentifierPrefix",
  },
  "aws:docdb/clusterInstance:ClusterInstance": {
    property: "identifier",
    most: 63,
    lower: true,
    unless: "identifierPrefix",
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    property: "replicationGroupId",
    most: 40,
    lower: true,
  },
  "aws:elasticache/parameterGroup:ParameterGroup": { property: "name", lower: true },
  "aws:rds/subnetGroup:SubnetGroup": { property: "name", lower: true, unless: "namePrefix" },
  "aws:rds/parameterGroup:ParameterGroup": { property: "name", lower: true, unless: "namePrefix" },
  "aws:lb/loadBalancer:LoadBalancer": { property: "name", most: 32, unless: "namePrefix" },
  "aws:lb/targetGroup:TargetGroup": { property: "name", most: 32, unless: "namePrefix" },
  "aws:eks/nodeGroup:NodeGroup": {
    property: "nodeGroupName",
    most: 63,
    unless: "nodeGroupNamePrefix",
  },
  "aws:mq/broker:Broker": { property: "brokerName", most: 55 },
  "aws:kms/alias:Alias": { property: "name", prefix: "alias/", unless: "namePrefix" },
  "aws:ecr/repository:Repository": { property: "name", lower: true },
};

/** The name that the provider makes, and for which property; undefined where one is given or none is made. */
export function autonamed(
  type: string,
  properties: Properties,
  resource: string,
  inputs: JsonObject,
  olds: JsonObject,
  seed: Uint8Array,
): { property: string; name: string } | undefined {
  const rule = RULES[type] ?? { property: "name", unless: "namePrefix" };
  const { property, most = 255, separator = "-", prefix = "" } = rule;
  const use = properties[property]?.use;
  if (use !== "optional" && use !== "computed") return undefined;
  if (inputs[property] !== undefined) return undefined;
  if (rule.unless !== undefined && inputs[rule.unless] !== undefined) return undefined;
  const kept = textAt(olds, property);
  if (kept) return { property, name: kept };
  const suffix = rule.suffix?.(inputs) ?? "";
  const random = createHash("sha256").update(seed).digest("hex").slice(0, 7);
  const tail = `${separator}${random}${suffix}`;
  const head = `${prefix}${resource}`.slice(0, most - tail.length);
  const name = `${head}${tail}`;
  return { property, name: rule.lower ? name.toLowerCase() : name };
}
