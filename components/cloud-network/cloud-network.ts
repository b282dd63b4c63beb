import { SecurityGroup, type SecurityGroupArgs } from "@pulumi/aws/ec2/securityGroup.js";
import {
  SecurityGroupEgressRule,
  type SecurityGroupEgressRuleArgs,
} from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import {
  SecurityGroupIngressRule,
  type SecurityGroupIngressRuleArgs,
} from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import type { CloudNetworkSpec } from "./cloud-network.plan.ts";

type Edge = Omit<CloudNetworkSpec["edges"][number], "securityGroup"> & {
  readonly securityGroup: Input<string>;
};

/** Arguments of what lets pods reach the cloud's network. */
export type CloudNetworkArgs = Omit<
  CloudNetworkSpec,
  "vpcId" | "clusterSecurityGroup" | "edges"
> & {
  readonly vpcId: Input<string>;
  readonly clusterSecurityGroup: Input<string>;
  readonly edges: readonly Edge[];
  readonly transforms?: {
    readonly securityGroup?: Transform<SecurityGroupArgs>;
    /** Every rule of the servers' groups; a function sees the name. */
    readonly ingress?: Transform<SecurityGroupIngressRuleArgs>;
    /** Every rule of the pods' group; a function sees the name. */
    readonly egress?: Transform<SecurityGroupEgressRuleArgs>;
    readonly policy?: Transform<SecurityGroupPolicyArgs>;
  };
};

/** A SecurityGroupPolicy of the VPC resource controller: https://docs.aws.amazon.com/eks/latest/userguide/sg-pods-example-deployment.html */
interface SecurityGroupPolicyArgs {
  readonly metadata: Readonly<Record<string, Input<unknown>>>;
  readonly spec: Readonly<Record<string, Input<unknown>>>;
}

/**
 * Security groups that open what the graph says and nothing else. With `grain: pod` the pods have a group of their own
 * (trunk-capable managed nodes), with `node` every node is let in. Example: `examples/cloud-network.ts`.
 */
export class CloudNetwork extends FairwayComponent {
  static readonly type = "fairway:cloud-network:CloudNetwork";
  /** The raw children. */
  readonly nodes: {
    readonly ingress: readonly SecurityGroupIngressRule[];
    readonly securityGroup?: SecurityGroup;
    readonly policy?: CustomResource;
  };

  constructor(name: string, args: CloudNetworkArgs, opts?: ComponentResourceOptions) {
    super(CloudNetwork.type, name, opts);
    const own = args.grain === "pod" ? this.#podsOf(args) : undefined;
    const from = own?.securityGroup.id ?? args.clusterSecurityGroup;
    const ingress = args.edges.map((edge) =>
      this.child(
        `ingress-${suffixOf(edge)}`,
        SecurityGroupIngressRule,
        {
          securityGroupId: edge.securityGroup,
          referencedSecurityGroupId: from,
          description: `${args.namespace}/${args.name} reaches ${edge.to}`,
          ...portOf(edge),
        },
        args.transforms?.ingress,
      ),
    );
    this.nodes = { ingress, ...own };
    this.registerOutputs({});
  }

  /** A group of the pods' own. They keep the cluster's beside it, for DNS, probes and other pods: network policies bound those. */
  #podsOf(args: CloudNetworkArgs) {
    const { name, namespace, labels, selector, vpcId, clusterSecurityGroup, edges } = args;
    const { transforms = {} } = args;
    const securityGroup = this.child(
      "security-group",
      SecurityGroup,
      {
        name: `fairway-${name}-pods`,
        description: `Pods of ${namespace}`,
        vpcId,
        revokeRulesOnDelete: true,
      },
      transforms.securityGroup,
    );
    for (const edge of edges)
      this.child(
        `egress-${suffixOf(edge)}`,
        SecurityGroupEgressRule,
        {
          securityGroupId: securityGroup.id,
          referencedSecurityGroupId: edge.securityGroup,
          description: `to ${edge.to}`,
          ...portOf(edge),
        },
        transforms.egress,
      );
    const policy = this.child<PolicyInputs, CustomResource>(
      "policy",
      CustomResource,
      {
        apiVersion: "vpcresources.k8s.aws/v1beta1",
        kind: "SecurityGroupPolicy",
        metadata: { name, namespace, labels: { ...labels } },
        spec: {
          podSelector: { matchLabels: { ...selector } },
          securityGroups: { groupIds: [securityGroup.id, clusterSecurityGroup] },
        },
      },
      transforms.policy as Transform<PolicyInputs> | undefined,
    );
    return { securityGroup, policy };
  }
}

type PolicyInputs = ConstructorParameters<typeof CustomResource>[1];

const suffixOf = ({ to, port }: Edge): string => `${to}-${port}`;

const portOf = ({ port, protocol }: Edge) => ({
  fromPort: port,
  toPort: port,
  ipProtocol: protocol.toLowerCase(),
});
