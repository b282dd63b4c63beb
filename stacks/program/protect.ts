import type { ResourceTransformation } from "@pulumi/pulumi";

/** Resource types whose deletion or replacement loses data. Their neighbours (Services, Jobs, policies) may come and go. */
const HOLDS_DATA: ReadonlySet<string> = new Set([
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "kubernetes:apps/v1:StatefulSet",
  "aws:docdb/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:rds/instance:Instance",
]);

/** Makes the engine refuse to delete or replace what holds data. */
export const protectData: ResourceTransformation = ({ type, props, opts }) =>
  HOLDS_DATA.has(type) ? { props, opts: { ...opts, protect: true } } : undefined;
