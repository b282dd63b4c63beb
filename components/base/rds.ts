import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { Instance, type InstanceArgs } from "@pulumi/aws/rds/instance.js";
import { ParameterGroup, type ParameterGroupArgs } from "@pulumi/aws/rds/parameterGroup.js";
import { SecretRotation } from "@pulumi/aws/secretsmanager/secretRotation.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { cut } from "../../stacks/contract/names.ts";
import { CloudServer, type CloudServerTransforms } from "./cloud-server.ts";
import type { Transform } from "./component.ts";
import { parameterGroup } from "./parameters.ts";
import { ENGINES, type RdsSpec } from "./rds.plan.ts";

/** Authority that signs the server's certificate: clients that check it need its root. */
const AUTHORITY = "rds-ca-rsa2048-g1";

/** Days between two passwords: pods read theirs when they start, and RDS would take seven. */
const ROTATION = 365;

/** Arguments of a server of RDS. */
export type RdsArgs = RdsSpec<Input<string>> & {
  readonly transforms?: CloudServerTransforms & {
    readonly instance?: Transform<InstanceArgs>;
    readonly parameterGroup?: Transform<ParameterGroupArgs>;
  };
};

/**
 * A server of RDS in private subnets: encrypted, reached with TLS only, backed up, with the password in Secrets
 * Manager, where RDS makes and rotates it. No program sees it.
 */
export abstract class Rds extends CloudServer {
  readonly host: Output<string>;
  readonly securityGroupId: Output<string>;
  /** Secret in Secrets Manager with the members `username` and `password`. */
  readonly secretArn: Output<string>;
  /** The raw server. */
  readonly instance: Instance;

  protected constructor(
    type: string,
    name: string,
    args: RdsArgs,
    opts?: ComponentResourceOptions,
  ) {
    super(type, name, opts);
    const { transforms = {} } = args;
    const wall = this.wall(args, transforms.securityGroup);
    const logs = ENGINES[args.engine].logs;
    const groups = this.logGroups(
      args,
      Object.fromEntries(logs.map((kind) => [kind, `/aws/rds/instance/${args.name}/${kind}`])),
      transforms.logGroup,
    );
    const parameters = this.child(
      "parameters",
      ParameterGroup,
      parameterGroupArgs(args),
      transforms.parameterGroup,
    );
    const { role, policy } = this.#monitoring(args);
    this.instance = this.child(
      "instance",
      Instance,
      {
        ...instanceArgs(args),
        parameterGroupName: parameters.name,
        vpcSecurityGroupIds: [wall.id],
        enabledCloudwatchLogsExports: [...logs],
        monitoringInterval: 60,
        monitoringRoleArn: role.arn,
      },
      transforms.instance,
      // RDS refuses a role that may do nothing yet. The server's name is taken while it stands.
      { dependsOn: [...groups, policy], deleteBeforeReplace: true },
    );
    this.host = this.instance.address;
    this.securityGroupId = wall.id;
    this.secretArn = this.instance.masterUserSecrets.apply(([held]) => held?.secretArn ?? "");
    this.child("rotation", SecretRotation, {
      secretId: this.secretArn,
      rotateImmediately: false,
      rotationRules: { automaticallyAfterDays: ROTATION },
    });
    this.registerOutputs({ host: this.host });
  }

  /** Role with which RDS sends measurements of the operating system to CloudWatch. */
  #monitoring({ name, permissionsBoundary }: RdsArgs) {
    const role = this.child("monitoring", Role, {
      name: cut(`fairway-${name}-monitoring`, 64),
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "monitoring.rds.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        ],
      }),
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    });
    const policy = this.child("monitoring-policy", RolePolicyAttachment, {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    });
    return { role, policy };
  }
}

function parameterGroupArgs({ name, engine, version }: RdsArgs): ParameterGroupArgs {
  const { major, parameters } = ENGINES[engine];
  return parameterGroup(
    name,
    `${engine}${version.split(".").slice(0, major).join(".")}`,
    parameters,
  );
}

const instanceArgs = (args: RdsArgs): InstanceArgs => ({
  identifier: args.name,
  engine: args.engine,
  engineVersion: args.version,
  allowMajorVersionUpgrade: args.majorUpgrade,
  autoMinorVersionUpgrade: true,
  instanceClass: args.nodeClass,
  multiAz: args.ha,
  port: ENGINES[args.engine].port,
  ...(args.database !== undefined && { dbName: args.database }),
  username: args.username,
  manageMasterUserPassword: true,
  masterUserSecretKmsKeyId: args.key,
  iamDatabaseAuthenticationEnabled: true,
  dbSubnetGroupName: args.subnetGroup,
  publiclyAccessible: false,
  caCertIdentifier: AUTHORITY,
  storageType: "gp3",
  allocatedStorage: args.storage,
  ...(args.maxStorage !== undefined && { maxAllocatedStorage: args.maxStorage }),
  storageEncrypted: true,
  kmsKeyId: args.key,
  backupRetentionPeriod: args.backups,
  copyTagsToSnapshot: true,
  deleteAutomatedBackups: !args.protect,
  deletionProtection: args.protect,
  skipFinalSnapshot: !args.protect,
  ...(args.protect && { finalSnapshotIdentifier: `${args.name}-final` }),
  ...(hasInsights(args) && {
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: args.key,
    performanceInsightsRetentionPeriod: 7,
  }),
  applyImmediately: args.applyImmediately,
});

/** Performance Insights needs more memory than the smallest classes have, but for PostgreSQL. */
const hasInsights = ({ engine, nodeClass }: RdsArgs): boolean =>
  engine === "postgres" || !/^db\.t\w+\.(micro|small)$/.test(nodeClass);
