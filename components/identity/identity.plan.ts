import type { IamStatement } from "../../stacks/contract/iam.ts";

/** What the pods of a service may do in its environment's cloud account: a role for their ServiceAccount. */
export interface IdentitySpec {
  /** Name of the role, at most 64 characters. */
  readonly role: string;
  /** Name of the EKS cluster. */
  readonly cluster: string;
  readonly namespace: string;
  /** ServiceAccount of the pods. */
  readonly serviceAccount: string;
  /** ARN of the policy that bounds the role; absent: none. */
  readonly permissionsBoundary?: string;
  /** What the role may do; never empty. */
  readonly statements: readonly IamStatement[];
}
