import { ParameterGroup, type ParameterGroupArgs } from "@pulumi/aws/elasticache/parameterGroup.js";
import {
  ReplicationGroup,
  type ReplicationGroupArgs,
} from "@pulumi/aws/elasticache/replicationGroup.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { output, secret } from "@pulumi/pulumi";
import { CloudServer, type CloudServerTransforms } from "../base/cloud-server.ts";
import type { Transform } from "../base/component.ts";
import type { ElasticacheSpec } from "./redis-elasticache.plan.ts";

/** Arguments of Elasticache. */
export type ElasticacheArgs = ElasticacheSpec<Input<string>> & {
  /** 16 to 128 letters and digits. */
  readonly password: Input<string>;
  readonly transforms?: CloudServerTransforms & {
    readonly group?: Transform<ReplicationGroupArgs>;
    readonly parameterGroup?: Transform<ParameterGroupArgs>;
  };
};

/**
 * Redis or Valkey of ElastiCache in private subnets: encrypted, reached with TLS and a password only. A write that
 * does not fit into memory is refused instead of something else being dropped. Example: `examples/redis-elasticache.ts`.
 */
export class Elasticache extends CloudServer {
  static readonly type = "fairway:redis:Elasticache";
  readonly host: Output<string>;
  readonly securityGroupId: Output<string>;
  readonly password: Output<string>;
  /** The raw server. */
  readonly group: ReplicationGroup;

  constructor(name: string, args: ElasticacheArgs, opts?: ComponentResourceOptions) {
    super(Elasticache.type, name, opts);
    const { transforms = {} } = args;
    const wall = this.wall(args, transforms.securityGroup);
    const logs = this.logGroups(
      args,
      Object.fromEntries(LOGS.map((kind) => [kind, logName(args, kind)])),
      transforms.logGroup,
    );
    const parameters = this.child(
      "parameters",
      ParameterGroup,
      parameterGroupArgs(args),
      transforms.parameterGroup,
    );
    this.group = this.child(
      "group",
      ReplicationGroup,
      {
        ...groupArgs(args),
        parameterGroupName: parameters.name,
        securityGroupIds: [wall.id],
      },
      transforms.group,
      // Its name is taken while it stands.
      { dependsOn: logs, deleteBeforeReplace: true },
    );
    this.host = this.group.primaryEndpointAddress;
    this.securityGroupId = wall.id;
    this.password = secret(output(args.password));
    this.registerOutputs({ host: this.host });
  }
}

const LOGS = ["slow-log", "engine-log"] as const;

const logName = ({ name }: ElasticacheArgs, kind: string): string =>
  `/aws/elasticache/${name}/${kind}`;

/** The family is in the name: a group in use cannot be replaced under its own. */
function parameterGroupArgs({ name, engine, version }: ElasticacheArgs): ParameterGroupArgs {
  const family = `${engine}${version.split(".")[0]}`;
  return {
    name: `${name}-${family}`,
    family,
    description: `Parameters of ${name}`,
    parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
  };
}

const groupArgs = (args: ElasticacheArgs): ReplicationGroupArgs => ({
  replicationGroupId: args.name,
  description: `Managed by Fairway: ${args.name}`,
  engine: args.engine,
  engineVersion: args.version,
  autoMinorVersionUpgrade: true,
  nodeType: args.nodeClass,
  port: 6379,
  numCacheClusters: args.ha ? 2 : 1,
  automaticFailoverEnabled: args.ha,
  multiAzEnabled: args.ha,
  subnetGroupName: args.subnetGroup,
  atRestEncryptionEnabled: true,
  kmsKeyId: args.key,
  transitEncryptionEnabled: true,
  transitEncryptionMode: "required",
  authToken: secret(args.password),
  authTokenUpdateStrategy: "ROTATE",
  snapshotRetentionLimit: args.backups,
  ...(args.protect && { finalSnapshotIdentifier: `${args.name}-final` }),
  logDeliveryConfigurations: LOGS.map((kind) => ({
    logType: kind,
    logFormat: "json",
    destinationType: "cloudwatch-logs",
    destination: logName(args, kind),
  })),
  applyImmediately: args.applyImmediately,
});
