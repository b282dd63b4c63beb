import { textAt, type JsonObject } from "../kubernetes/json.ts";
import { UNKNOWN } from "../kubernetes/values.ts";
import { nameOf } from "./names.ts";
import type { Cue } from "./player.ts";
import type { Thing } from "./world.ts";

/** Why a resource cannot be created beside what exists: its name is taken. */
export const refusedCreation = (cue: Cue, inputs: JsonObject): string | undefined =>
  taken(cue, inputs, () => true);

/** Where a name is unique: buckets everywhere, IAM in an account, the rest in an account's region. */
export function placeOf(cue: Cue, inputs: JsonObject): string {
  if (cue.type === "aws:s3/bucket:Bucket") return "world";
  if (cue.type.startsWith("aws:iam/")) return cue.settings.account;
  return `${cue.settings.account} ${textAt(inputs, "region") || cue.settings.region}`;
}

/** Whose name the inputs would take, in words; undefined where it is free, not known or none. */
export function taken(
  cue: Cue,
  inputs: JsonObject,
  concerns: (thing: Thing) => boolean,
): string | undefined {
  const property = nameOf(cue.type);
  const name = property === undefined ? "" : textAt(inputs, property);
  if (property === undefined || name === "" || name === UNKNOWN) return undefined;
  const place = placeOf(cue, inputs);
  const other = cue.world
    .all()
    .find(
      (thing) =>
        thing.type === cue.type &&
        thing.place === place &&
        textAt(thing.outputs, property) === name &&
        concerns(thing),
    );
  return other && `AlreadyExists: ${name} is the ${property} of ${other.urn}`;
}

/** A flag that forbids deletion, by type. */
const PROTECTED: Readonly<Record<string, string>> = {
  "aws:rds/instance:Instance": "deletionProtection",
  "aws:docdb/cluster:Cluster": "deletionProtection",
  "aws:dynamodb/table:Table": "deletionProtectionEnabled",
  "aws:lb/loadBalancer:LoadBalancer": "enableDeletionProtection",
  "aws:eks/cluster:Cluster": "deletionProtection",
};

const SNAPSHOT: ReadonlySet<string> = new Set([
  "aws:rds/instance:Instance",
  "aws:docdb/cluster:Cluster",
]);

/** What may not exist any more when a resource goes: its type, and its property that holds the id. */
const HELD_BY: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "aws:ec2/vpc:Vpc": [["aws:ec2/subnet:Subnet", "vpcId"]],
  "aws:s3/bucket:Bucket": [["aws:s3/bucketObjectv2:BucketObjectv2", "bucket"]],
  "aws:eks/cluster:Cluster": [["aws:eks/nodeGroup:NodeGroup", "clusterName"]],
  "aws:efs/fileSystem:FileSystem": [["aws:efs/mountTarget:MountTarget", "fileSystemId"]],
};

/** Why AWS would not delete it, given what exists. */
export function refusedDeletion(cue: Cue, id: string, stored: JsonObject): string | undefined {
  const flag = PROTECTED[cue.type];
  if (flag !== undefined && stored[flag] === true)
    return `${id} is protected: ${flag} must be false, and deployed, before it can be deleted`;
  if (
    SNAPSHOT.has(cue.type) &&
    stored["skipFinalSnapshot"] !== true &&
    stored["replicateSourceDb"] === undefined &&
    textAt(stored, "finalSnapshotIdentifier") === ""
  )
    return "finalSnapshotIdentifier is required when skipFinalSnapshot is false";
  if (stored["forceDestroy"] === true) return undefined;
  for (const [type, property] of HELD_BY[cue.type] ?? []) {
    const holder = cue.world
      .all()
      .find((thing) => thing.type === type && textAt(thing.outputs, property) === id);
    if (holder) return `DependencyViolation: ${id} has dependent ${holder.id} (${holder.urn})`;
  }
  return undefined;
}
