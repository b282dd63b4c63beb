import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import { AccessEntry } from "@pulumi/aws/eks/accessEntry.js";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation.js";
import { Addon, type AddonArgs } from "@pulumi/aws/eks/addon.js";
import { Cluster, type ClusterArgs } from "@pulumi/aws/eks/cluster.js";
import { NodeGroup, type NodeGroupArgs } from "@pulumi/aws/eks/nodeGroup.js";
import { PodIdentityAssociation } from "@pulumi/aws/eks/podIdentityAssociation.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import {
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
  output,
} from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { assumedBy, document, podsMayAssume } from "../base/policy.ts";
import { ADDONS, type AddonSpec, CONTROLLER, LOGS, ROLES } from "./aws-cluster.plan.ts";
import type { AwsClusterSpec } from "./aws.plan.ts";
import controllerPolicy from "./load-balancer/policy.json" with { type: "json" };

/** Arguments of a cluster. */
export type AwsClusterArgs = AwsClusterSpec<Input<string>> & {
  readonly transforms?: {
    readonly cluster?: Transform<ClusterArgs>;
    readonly nodes?: Transform<NodeGroupArgs>;
    /** Every add-on; a function sees the name. */
    readonly addon?: Transform<AddonArgs>;
  };
};

/** A cluster of EKS: Auto Mode, or managed nodes with add-ons. Example: `examples/aws-cluster.ts`. */
export class AwsCluster extends FairwayComponent {
  static readonly type = "fairway:platform:AwsCluster";
  readonly nodes: { readonly cluster: Cluster };
  /** Security group of the nodes and of pods without one of their own. */
  readonly securityGroupId: Output<string>;

  constructor(name: string, args: AwsClusterArgs, opts?: ComponentResourceOptions) {
    super(AwsCluster.type, name, opts);
    const mode = args.nodes ? "managed" : "auto";
    const roles = {
      cluster: this.#role("cluster", args, "eks.amazonaws.com", ROLES[mode].cluster, true),
      nodes: this.#role("nodes", args, "ec2.amazonaws.com", ROLES[mode].nodes),
    };
    if (mode === "auto")
      this.child("cluster-tags", RolePolicy, {
        name: "tags",
        role: roles.cluster.role.name,
        policy: document(TAGS),
      });
    const logs = this.child("logs", LogGroup, {
      name: `/aws/eks/${args.name}/cluster`,
      retentionInDays: args.logs,
    });
    const cluster = this.child(
      "cluster",
      Cluster,
      clusterArgs(args, roles.cluster.role, roles.nodes.role),
      args.transforms?.cluster,
      { dependsOn: [logs, ...roles.cluster.rights, ...roles.nodes.rights] },
    );
    const access = this.#access(cluster, args);
    const early = this.#addons(cluster, args, (addon) => !addon.afterNodes, access);
    const nodes = args.nodes
      ? [this.#nodes(cluster, args, args.nodes, roles.nodes, early)]
      : access;
    this.#addons(cluster, args, (addon) => addon.afterNodes, nodes);
    if (args.nodes) this.#controllerIdentity(cluster, args);
    this.nodes = { cluster };
    this.securityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
    this.registerOutputs({});
  }

  /** A role with policies of AWS's own; the cluster's uses the environment's keys too. */
  #role(
    suffix: string,
    { prefix, secretsKey, diskKeys }: AwsClusterArgs,
    service: string,
    policies: readonly string[],
    usesKeys = false,
  ): { readonly role: Role; readonly rights: Resource[] } {
    const role = this.child(`${suffix}-role`, Role, {
      name: `${prefix}-eks-${suffix}`,
      path: "/fairway/",
      assumeRolePolicy: assumedBy(service, ["sts:AssumeRole", "sts:TagSession"]),
    });
    const rights: Resource[] = policies.map((policy) => this.#attach(`${suffix}`, role, policy));
    if (usesKeys)
      rights.push(
        this.child(`${suffix}-keys`, RolePolicy, {
          name: "keys",
          role: role.name,
          policy: document([
            {
              Sid: "Secrets",
              Effect: "Allow",
              Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"],
              Resource: [secretsKey],
            },
            ...encryptsDisks(diskKeys),
          ]),
        }),
      );
    return { role, rights };
  }

  #attach(suffix: string, role: Role, policy: string): RolePolicyAttachment {
    return this.child(`${suffix}-${policy.split("/").at(-1)}`, RolePolicyAttachment, {
      role: role.name,
      policyArn: `arn:aws:iam::aws:policy/${policy}`,
    });
  }

  /** Who may call the API server is said here and nowhere else: whoever made the cluster may not. */
  #access(cluster: Cluster, { access }: AwsClusterArgs): Resource[] {
    return access.map(({ role, policy }) => {
      const suffix = role.split("/").at(-1)!;
      const entry = this.child(`access-${suffix}`, AccessEntry, {
        clusterName: cluster.name,
        principalArn: role,
      });
      return this.child(`access-${suffix}-policy`, AccessPolicyAssociation, {
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
        accessScope: { type: "cluster" },
      });
    });
  }

  #addons(
    cluster: Cluster,
    args: AwsClusterArgs,
    wanted: (addon: AddonSpec) => boolean,
    dependsOn: Resource[],
  ): Resource[] {
    return ADDONS[args.nodes ? "managed" : "auto"].filter(wanted).map((addon) => {
      const { name, configuration, identity } = addon;
      const role = identity && this.#addonRole(name, identity, args);
      return this.child(
        `addon-${name}`,
        Addon,
        {
          clusterName: cluster.name,
          addonName: name,
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "OVERWRITE",
          ...(configuration && { configurationValues: JSON.stringify(configuration) }),
          ...(identity &&
            role && {
              podIdentityAssociations: [
                { serviceAccount: identity.serviceAccount, roleArn: role.arn },
              ],
            }),
        },
        args.transforms?.addon,
        { dependsOn },
      );
    });
  }

  #addonRole(
    addon: string,
    { policies, diskKeys }: NonNullable<AddonSpec["identity"]>,
    args: AwsClusterArgs,
  ): Role {
    const role = this.child(`role-${addon}`, Role, {
      name: `${args.prefix}-${addon}`,
      path: "/fairway/",
      assumeRolePolicy: podsMayAssume(),
    });
    for (const policy of policies) this.#attach(addon, role, policy);
    if (diskKeys)
      this.child(`role-${addon}-keys`, RolePolicy, {
        name: "keys",
        role: role.name,
        policy: document(encryptsDisks(args.diskKeys)),
      });
    return role;
  }

  /** Instances that let pods have security groups of their own, and let none reach the instance's role. */
  #nodes(
    cluster: Cluster,
    { prefix, subnets, tags, transforms = {} }: AwsClusterArgs,
    { instanceTypes, arm, min, max, disk }: NonNullable<AwsClusterArgs["nodes"]>,
    { role, rights }: { readonly role: Role; readonly rights: Resource[] },
    addons: Resource[],
  ): NodeGroup {
    const template = this.child("template", LaunchTemplate, {
      name: `${prefix}-nodes`,
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeSize: disk,
            volumeType: "gp3",
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({
        resourceType,
        // The provider's tags are on the template and not on what is made after it.
        tags: { ...tags, Name: `${prefix}-node` },
      })),
    });
    return this.child(
      "nodes",
      NodeGroup,
      {
        clusterName: cluster.name,
        nodeGroupName: `${prefix}-nodes`,
        nodeRoleArn: role.arn,
        subnetIds: split(subnets),
        instanceTypes: [...instanceTypes],
        amiType: arm ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
        capacityType: "ON_DEMAND",
        version: cluster.version,
        launchTemplate: {
          id: template.id,
          version: template.latestVersion.apply((version) => String(version)),
        },
        scalingConfig: { minSize: min, desiredSize: min, maxSize: max },
        updateConfig: { maxUnavailablePercentage: 33 },
        nodeRepairConfig: { enabled: true },
      },
      transforms.nodes,
      // Whoever scales the group says how many there are.
      { dependsOn: [...addons, ...rights], ignoreChanges: ["scalingConfig.desiredSize"] },
    );
  }

  #controllerIdentity(cluster: Cluster, { prefix }: AwsClusterArgs): void {
    const role = this.child("role-load-balancer", Role, {
      name: `${prefix}-load-balancer`,
      path: "/fairway/",
      assumeRolePolicy: podsMayAssume(),
    });
    this.child("role-load-balancer-policy", RolePolicy, {
      name: "load-balancers",
      role: role.name,
      policy: JSON.stringify(controllerPolicy),
    });
    this.child("role-load-balancer-pods", PodIdentityAssociation, {
      clusterName: cluster.name,
      ...CONTROLLER,
      roleArn: role.arn,
    });
  }
}

function clusterArgs(args: AwsClusterArgs, role: Role, nodeRole: Role): ClusterArgs {
  const auto = !args.nodes;
  const { publicCidrs } = args;
  return {
    name: args.name,
    version: args.version,
    roleArn: role.arn,
    vpcConfig: {
      subnetIds: split(args.subnets),
      endpointPrivateAccess: true,
      endpointPublicAccess: publicCidrs !== undefined,
      ...(publicCidrs && { publicAccessCidrs: [...publicCidrs] }),
    },
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
    bootstrapSelfManagedAddons: false,
    enabledClusterLogTypes: [...LOGS],
    encryptionConfig: { provider: { keyArn: args.secretsKey }, resources: ["secrets"] },
    upgradePolicy: { supportType: args.support.toUpperCase() },
    deletionProtection: args.protect,
    // All three or none of them: https://docs.aws.amazon.com/eks/latest/userguide/automode-get-started-cli.html
    computeConfig: {
      enabled: auto,
      ...(auto && { nodePools: ["general-purpose", "system"], nodeRoleArn: nodeRole.arn }),
    },
    kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: auto } },
    storageConfig: { blockStorage: { enabled: auto } },
  };
}

/** Tags of whatever is made for this cluster, and for no other. */
const OF_CLUSTER = {
  StringEquals: {
    "aws:RequestTag/eks:eks-cluster-name": "${aws:PrincipalTag/eks:eks-cluster-name}",
  },
};

/**
 * What lets Auto Mode put tags on disks and load balancers that are not its own; AWS's policies of its role do not.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html#tag-prop
 */
const TAGS: readonly object[] = [
  {
    Sid: "Disks",
    Effect: "Allow",
    Action: ["ec2:CreateSnapshot", "ec2:CreateVolume"],
    Resource: ["arn:aws:ec2:*:*:snapshot/*", "arn:aws:ec2:*:*:volume/*"],
    Condition: OF_CLUSTER,
  },
  {
    Sid: "LoadBalancers",
    Effect: "Allow",
    Action: [
      "ec2:CreateSecurityGroup",
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:CreateLoadBalancer",
      "elasticloadbalancing:CreateRule",
      "elasticloadbalancing:CreateTargetGroup",
    ],
    Resource: "*",
    Condition: OF_CLUSTER,
  },
];

/** What makes disks with keys that are not AWS's own: https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html */
const encryptsDisks = (keys: readonly Input<string>[]): object[] => [
  {
    Sid: "Grants",
    Effect: "Allow",
    Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
    Resource: keys,
    Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
  },
  {
    Sid: "Disks",
    Effect: "Allow",
    Action: [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey*",
      "kms:ReEncrypt*",
    ],
    Resource: keys,
  },
];

const split = (ids: Input<string>): Output<string[]> => output(ids).apply((all) => all.split(","));
