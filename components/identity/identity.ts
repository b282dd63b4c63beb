import { Role, type RoleArgs } from "@pulumi/aws/iam/role.js";
import { RolePolicy, type RolePolicyArgs } from "@pulumi/aws/iam/rolePolicy.js";
import {
  PodIdentityAssociation,
  type PodIdentityAssociationArgs,
} from "@pulumi/aws/eks/podIdentityAssociation.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { type ResolvedStatement, allowing, podsMayAssume } from "../base/policy.ts";
import type { IdentitySpec } from "./identity.plan.ts";

/** Arguments of a workload's identity. */
export type WorkloadIdentityArgs = Omit<IdentitySpec, "statements"> & {
  readonly statements: readonly ResolvedStatement[];
  readonly transforms?: {
    readonly role?: Transform<RoleArgs>;
    readonly policy?: Transform<RolePolicyArgs>;
    readonly association?: Transform<PodIdentityAssociationArgs>;
  };
};

/**
 * What pods may do in an account: a role that EKS gives to the pods of one ServiceAccount, and its policy. Example:
 * `examples/identity.ts`.
 */
export class WorkloadIdentity extends FairwayComponent {
  static readonly type = "fairway:identity:WorkloadIdentity";
  /** The raw children. */
  readonly nodes: {
    readonly role: Role;
    readonly policy: RolePolicy;
    readonly association: PodIdentityAssociation;
  };
  readonly roleArn: Output<string>;

  constructor(name: string, args: WorkloadIdentityArgs, opts?: ComponentResourceOptions) {
    super(WorkloadIdentity.type, name, opts);
    const { namespace, serviceAccount, permissionsBoundary, transforms = {} } = args;
    const role = this.child(
      "role",
      Role,
      {
        name: args.role,
        path: "/fairway/",
        description: `Pods of the ServiceAccount ${namespace}/${serviceAccount}`,
        assumeRolePolicy: podsMayAssume(),
        ...(permissionsBoundary !== undefined && { permissionsBoundary }),
      },
      transforms.role,
    );
    const policy = this.child(
      "policy",
      RolePolicy,
      { name: "resources", role: role.name, policy: allowing(args.statements) },
      transforms.policy,
    );
    // Pods that start with the association find the policy in place.
    const association = this.child(
      "association",
      PodIdentityAssociation,
      { clusterName: args.cluster, namespace, serviceAccount, roleArn: role.arn },
      transforms.association,
      { dependsOn: [policy] },
    );
    this.nodes = { role, policy, association };
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: role.arn });
  }
}
