import type { NetworkPolicySpec } from "./network.plan.ts";

/** One rule of a Role, as Kubernetes writes it. */
interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** A RoleBinding for a group of people. */
interface GroupBinding {
  /** Name of the RoleBinding. */
  readonly name: string;
  /** Name of the cluster's group. */
  readonly group: string;
  /** What is granted: a ClusterRole of the cluster, or a Role of this namespace. */
  readonly role: { readonly kind: "ClusterRole" | "Role"; readonly name: string };
}

/** The walls of one namespace: who may do what in it, how much, and over which connections. */
export interface TenancySpec {
  /** Name of the Namespace. */
  readonly namespace: string;
  /** Labels of every object. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels of the Namespace alone, beside `labels`: Pod Security levels and the services that it consumes. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** `spec.hard` of the ResourceQuota, quantities as text. */
  readonly quota: Readonly<Record<string, string>>;
  /** LimitRange for containers that name no resources of their own. */
  readonly limits: {
    /** Requests, as Kubernetes quantities. */
    readonly requests: { readonly cpu: string; readonly memory: string };
    /** Limits, as Kubernetes quantities. */
    readonly limits: { readonly cpu: string; readonly memory: string };
  };
  /** Every NetworkPolicy of the namespace, the one that denies everything first. */
  readonly policies: readonly NetworkPolicySpec[];
  /** Secrets that images are pulled with, copied into the namespace; absent: none. */
  readonly pullSecrets?: readonly {
    /** Name of the copy. */
    readonly name: string;
    /** The original, `<namespace>/<name>`. */
    readonly stored: string;
  }[];
  /** ServiceAccount of the workload, without a token; absent where the namespace holds no workload. */
  readonly account?: {
    /** Name of the ServiceAccount. */
    readonly name: string;
    /** Names of the Secrets that images are pulled with. */
    readonly pullSecrets: readonly string[];
  };
  /** What the owner's group may do; absent where nobody owns the service. */
  readonly access?: {
    /** Roles of this namespace, by name. */
    readonly roles: Readonly<Record<string, readonly RoleRule[]>>;
    /** RoleBindings, by name in order. */
    readonly bindings: readonly GroupBinding[];
  };
}
