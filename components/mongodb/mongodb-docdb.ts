import { Cluster, type ClusterArgs } from "@pulumi/aws/docdb/cluster.js";
import { ClusterInstance, type ClusterInstanceArgs } from "@pulumi/aws/docdb/clusterInstance.js";
import {
  ClusterParameterGroup,
  type ClusterParameterGroupArgs,
} from "@pulumi/aws/docdb/clusterParameterGroup.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { output, secret } from "@pulumi/pulumi";
import { CloudServer, type CloudServerTransforms } from "../base/cloud-server.ts";
import type { Transform } from "../base/component.ts";
import { parameterGroup } from "../base/parameters.ts";
import type { DocdbSpec } from "./mongodb-docdb.plan.ts";

/** Arguments of Docdb. */
export type DocdbArgs = DocdbSpec<Input<string>> & {
  /** 8 to 100 letters and digits. */
  readonly password: Input<string>;
  readonly transforms?: CloudServerTransforms & {
    readonly cluster?: Transform<ClusterArgs>;
    readonly instance?: Transform<ClusterInstanceArgs>;
    readonly parameterGroup?: Transform<ClusterParameterGroupArgs>;
  };
};

/** Authority that signs the servers' certificates: clients that check them need its root. */
const AUTHORITY = "rds-ca-rsa2048-g1";
const LOGS = ["audit", "profiler"] as const;

/**
 * DocumentDB in private subnets: encrypted, reached with TLS and a password only, with an audit log.
 * Example: `examples/mongodb-docdb.ts`.
 */
export class Docdb extends CloudServer {
  static readonly type = "fairway:mongodb:Docdb";
  readonly host: Output<string>;
  readonly securityGroupId: Output<string>;
  readonly password: Output<string>;
  /** The raw servers. */
  readonly nodes: { readonly cluster: Cluster; readonly instances: readonly ClusterInstance[] };

  constructor(name: string, args: DocdbArgs, opts?: ComponentResourceOptions) {
    super(Docdb.type, name, opts);
    const { transforms = {} } = args;
    const wall = this.wall(args, transforms.securityGroup);
    const logs = this.logGroups(
      args,
      Object.fromEntries(LOGS.map((kind) => [kind, `/aws/docdb/${args.name}/${kind}`])),
      transforms.logGroup,
    );
    const parameters = this.child(
      "parameters",
      ClusterParameterGroup,
      parameterGroupArgs(args),
      transforms.parameterGroup,
    );
    const cluster = this.child(
      "cluster",
      Cluster,
      {
        ...clusterArgs(args),
        dbClusterParameterGroupName: parameters.name,
        vpcSecurityGroupIds: [wall.id],
      },
      transforms.cluster,
      // Its name is taken while it stands.
      { dependsOn: logs, deleteBeforeReplace: true },
    );
    const instances = (args.ha ? [1, 2] : [1]).map((index) =>
      this.child(
        `instance-${index}`,
        ClusterInstance,
        {
          identifier: `${args.name}-${index}`,
          clusterIdentifier: cluster.id,
          instanceClass: args.nodeClass,
          caCertIdentifier: AUTHORITY,
          autoMinorVersionUpgrade: true,
          copyTagsToSnapshot: true,
          applyImmediately: args.applyImmediately,
        },
        transforms.instance,
        { deleteBeforeReplace: true },
      ),
    );
    this.nodes = { cluster, instances };
    this.host = cluster.endpoint;
    this.securityGroupId = wall.id;
    this.password = secret(output(args.password));
    this.registerOutputs({ host: this.host });
  }
}

const parameterGroupArgs = ({ name, version }: DocdbArgs): ClusterParameterGroupArgs =>
  parameterGroup(name, `docdb${version.split(".").slice(0, 2).join(".")}`, {
    tls: "enabled",
    audit_logs: "enabled",
    profiler: "enabled",
  });

const clusterArgs = (args: DocdbArgs): ClusterArgs => ({
  clusterIdentifier: args.name,
  engine: "docdb",
  engineVersion: args.version,
  allowMajorVersionUpgrade: args.majorUpgrade,
  port: 27_017,
  masterUsername: args.username,
  masterPassword: secret(args.password),
  dbSubnetGroupName: args.subnetGroup,
  storageEncrypted: true,
  kmsKeyId: args.key,
  enabledCloudwatchLogsExports: [...LOGS],
  backupRetentionPeriod: args.backups,
  deletionProtection: args.protect,
  skipFinalSnapshot: !args.protect,
  ...(args.protect && { finalSnapshotIdentifier: `${args.name}-final` }),
  applyImmediately: args.applyImmediately,
});
