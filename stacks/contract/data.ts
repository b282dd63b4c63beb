/** Resource types whose deletion or replacement loses data, with a cluster everything that runs in it. Their neighbours (Services, Jobs, policies) may come and go. */
const HOLDS_DATA: ReadonlySet<string> = new Set([
  "aws:docdb/cluster:Cluster",
  "aws:dynamodb/table:Table",
  "aws:efs/fileSystem:FileSystem",
  "aws:eks/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:mq/broker:Broker",
  "aws:kms/key:Key",
  "aws:msk/cluster:Cluster",
  "aws:msk/topic:Topic",
  "aws:rds/instance:Instance",
  "aws:route53/zone:Zone",
  "aws:s3/bucket:Bucket",
  "aws:sqs/queue:Queue",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:PersistentVolumeClaim",
]);

/** Whether a resource of the type holds what cannot be made again. */
export const holdsData = (type: string): boolean => HOLDS_DATA.has(type);

/** It goes with everything in it, so that it is as precious as the most precious thing there. */
export const NAMESPACE_TYPE = "kubernetes:core/v1:Namespace";

/** Flags of AWS's own that forbid a deletion, by type. */
export const DELETION_FLAGS: Readonly<Record<string, string>> = {
  "aws:docdb/cluster:Cluster": "deletionProtection",
  "aws:dynamodb/table:Table": "deletionProtectionEnabled",
  "aws:eks/cluster:Cluster": "deletionProtection",
  "aws:rds/instance:Instance": "deletionProtection",
};

/** Types of which AWS keeps a last snapshot, whose name is unique in the account. */
export const LAST_SNAPSHOT: ReadonlySet<string> = new Set([
  "aws:docdb/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:rds/instance:Instance",
]);
