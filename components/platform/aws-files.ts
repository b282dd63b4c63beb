import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { FileSystem, type FileSystemArgs } from "@pulumi/aws/efs/fileSystem.js";
import { MountTarget } from "@pulumi/aws/efs/mountTarget.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { type ComponentResourceOptions, type Input, type Output, output } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import type { AwsFilesSpec } from "./aws.plan.ts";

/** Arguments of shared files. */
export type AwsFilesArgs = AwsFilesSpec<Input<string>> & {
  readonly transforms?: { readonly fileSystem?: Transform<FileSystemArgs> };
};

/** A file system that pods on several nodes mount; each claim gets a folder of its own. Example: `examples/aws-files.ts`. */
export class AwsFiles extends FairwayComponent {
  static readonly type = "fairway:platform:AwsFiles";
  readonly fileSystemId: Output<string>;

  constructor(name: string, args: AwsFilesArgs, opts?: ComponentResourceOptions) {
    super(AwsFiles.type, name, opts);
    const system = this.child(
      "system",
      FileSystem,
      {
        creationToken: args.name,
        encrypted: true,
        kmsKeyId: args.key,
        throughputMode: "elastic",
        lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }],
        tags: { Name: args.name },
      },
      args.transforms?.fileSystem,
    );
    const wall = this.child("security-group", SecurityGroup, {
      name: `${args.name}-files`,
      description: "Shared files",
      vpcId: args.vpcId,
      revokeRulesOnDelete: true,
    });
    this.child("nfs", SecurityGroupIngressRule, {
      securityGroupId: wall.id,
      referencedSecurityGroupId: args.clusterSecurityGroup,
      description: "Nodes mount it",
      ipProtocol: "tcp",
      fromPort: 2049,
      toPort: 2049,
    });
    const subnets = output(args.subnets).apply((ids) => ids.split(","));
    for (let zone = 0; zone < args.zones; zone++)
      this.child(`target-${zone}`, MountTarget, {
        fileSystemId: system.id,
        subnetId: subnets.apply((ids) => ids[zone]!),
        securityGroups: [wall.id],
      });
    this.fileSystemId = system.id;
    this.registerOutputs({});
  }
}
