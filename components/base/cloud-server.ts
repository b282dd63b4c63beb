import { LogGroup, type LogGroupArgs } from "@pulumi/aws/cloudwatch/logGroup.js";
import { SecurityGroup, type SecurityGroupArgs } from "@pulumi/aws/ec2/securityGroup.js";
import type { Input, Output } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "./component.ts";
import type { CloudServerSpec } from "./cloud-server.plan.ts";

/** Changes what every server has beside itself. */
export interface CloudServerTransforms {
  readonly securityGroup?: Transform<SecurityGroupArgs>;
  readonly logGroup?: Transform<LogGroupArgs>;
}

/** A server that AWS runs, behind a security group that lets nobody in: who reaches it is said elsewhere. */
export abstract class CloudServer extends FairwayComponent {
  /** Host name. */
  abstract readonly host: Output<string>;
  /** Security group in front of it. */
  abstract readonly securityGroupId: Output<string>;

  /**
   * The security group in front of the server. It has no rules: nothing of the server's connects to anything, and
   * the rules that let clients in belong to them.
   */
  protected wall(
    { name, vpcId }: Pick<CloudServerSpec<Input<string>>, "name" | "vpcId">,
    transform?: Transform<SecurityGroupArgs>,
  ): SecurityGroup {
    const args = {
      name: `fairway-${name}-server`,
      description: `Clients of ${name}`,
      vpcId,
      revokeRulesOnDelete: true,
    };
    return this.child("security-group", SecurityGroup, args, transform);
  }

  /** Log groups that the server writes to: made before it, so that AWS does not make them without an end. */
  protected logGroups(
    { logs }: Pick<CloudServerSpec, "logs">,
    names: Readonly<Record<string, string>>,
    transform?: Transform<LogGroupArgs>,
  ): LogGroup[] {
    return Object.entries(names).map(([suffix, name]) =>
      this.child(`logs-${suffix}`, LogGroup, { name, retentionInDays: logs }, transform),
    );
  }
}
