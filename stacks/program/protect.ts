import type { ResourceTransformation } from "@pulumi/pulumi";

/** Resource types whose deletion or replacement loses data. Their neighbours (Services, Jobs, policies) may come and go. */
const HOLDS_DATA: ReadonlySet<string> = new Set([
  "aws:docdb/cluster:Cluster",
  "aws:dynamodb/table:Table",
  "aws:efs/fileSystem:FileSystem",
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

/** Makes the engine refuse to delete or replace what holds data. */
export const protectData: ResourceTransformation = ({ type, props, opts }) =>
  HOLDS_DATA.has(type) ? { props, opts: { ...opts, protect: true } } : undefined;
