import { LimitRange, type LimitRangeArgs } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { Namespace, type NamespaceArgs } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ResourceQuota, type ResourceQuotaArgs } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import { Secret, type SecretArgs } from "@pulumi/kubernetes/core/v1/secret.js";
import {
  ServiceAccount,
  type ServiceAccountArgs,
} from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import {
  NetworkPolicy,
  type NetworkPolicyArgs,
} from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { Role, type RoleArgs } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding, type RoleBindingArgs } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import type { meta } from "@pulumi/kubernetes/types/input.js";
import { type ComponentResourceOptions, type CustomResourceOptions, secret } from "@pulumi/pulumi";
import { PULL_SECRET } from "../../stacks/contract/names.ts";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { policySpec } from "./policies.ts";
import type { TenancySpec } from "./tenancy.plan.ts";

/** Arguments of Tenancy. */
export type TenancyArgs = TenancySpec & {
  readonly transforms?: {
    readonly namespace?: Transform<NamespaceArgs>;
    /** Every NetworkPolicy; a function sees the name. */
    readonly policy?: Transform<NetworkPolicyArgs>;
    readonly quota?: Transform<ResourceQuotaArgs>;
    readonly limits?: Transform<LimitRangeArgs>;
    /** Every pull secret; a function sees the name. */
    readonly pullSecret?: Transform<SecretArgs>;
    readonly account?: Transform<ServiceAccountArgs>;
    /** Every Role; a function sees the name. */
    readonly role?: Transform<RoleArgs>;
    /** Every RoleBinding; a function sees the name. */
    readonly binding?: Transform<RoleBindingArgs>;
  };
};

/**
 * The walls of one service in one environment: a Namespace with its Pod Security level, connections denied but for
 * the listed ones, quota and limits, pull secrets, an account without a token, and what the owner's group may do. Depend on it, so
 * that nothing runs before the walls stand. Example: `examples/tenancy.ts`.
 */
export class Tenancy extends FairwayComponent {
  static readonly type = "fairway:tenancy:Tenancy";
  /** The raw children. */
  readonly nodes: {
    readonly namespace: Namespace;
    readonly policies: readonly NetworkPolicy[];
    readonly quota: ResourceQuota;
    readonly limits: LimitRange;
    readonly pullSecrets: readonly Secret[];
    readonly account?: ServiceAccount;
    readonly roles: readonly Role[];
    readonly bindings: readonly RoleBinding[];
  };

  constructor(name: string, args: TenancyArgs, opts?: ComponentResourceOptions) {
    super(Tenancy.type, name, opts);
    const transforms = args.transforms ?? {};
    const namespace = this.child("namespace", Namespace, namespaceArgs(args), transforms.namespace);
    const inside: CustomResourceOptions = { dependsOn: [namespace] };
    this.nodes = {
      namespace,
      policies: args.policies.map((policy) =>
        this.child(
          `policy-${policy.name}`,
          NetworkPolicy,
          { metadata: metadata(args, policy.name), spec: policySpec(policy) },
          transforms.policy,
          inside,
        ),
      ),
      quota: this.child("quota", ResourceQuota, quotaArgs(args), transforms.quota, inside),
      limits: this.child("limits", LimitRange, limitArgs(args), transforms.limits, inside),
      pullSecrets: (args.pullSecrets ?? []).map((pull) => {
        const id = `${name}-pull-${pull.name}-stored`;
        const { data } = Secret.get(id, pull.stored, { parent: this });
        return this.child(
          `pull-${pull.name}`,
          Secret,
          {
            metadata: metadata(args, pull.name),
            type: PULL_SECRET.type,
            data: secret(
              data.apply((held) => ({ [PULL_SECRET.key]: held[PULL_SECRET.key] ?? "" })),
            ),
          },
          transforms.pullSecret,
          inside,
        );
      }),
      account:
        args.account &&
        this.child(
          "account",
          ServiceAccount,
          accountArgs(args, args.account),
          transforms.account,
          inside,
        ),
      roles: Object.entries(args.access?.roles ?? {}).map(([role, rules]) =>
        this.child(
          `role-${role}`,
          Role,
          {
            metadata: metadata(args, role),
            rules: rules.map(({ apiGroups, resources, verbs }) => ({
              apiGroups: [...apiGroups],
              resources: [...resources],
              verbs: [...verbs],
            })),
          },
          transforms.role,
          inside,
        ),
      ),
      bindings: (args.access?.bindings ?? []).map((binding) =>
        this.child(
          `binding-${binding.name}`,
          RoleBinding,
          {
            metadata: metadata(args, binding.name),
            roleRef: { apiGroup: RBAC, ...binding.role },
            subjects: [{ apiGroup: RBAC, kind: "Group", name: binding.group }],
          },
          transforms.binding,
          inside,
        ),
      ),
    };
    this.registerOutputs({});
  }
}

const RBAC = "rbac.authorization.k8s.io";
/** Name of the objects of which a namespace has one. */
const ONLY = "fairway";

function metadata(args: TenancyArgs, name: string): meta.v1.ObjectMeta {
  return { name, namespace: args.namespace, labels: { ...args.labels } };
}

function namespaceArgs(args: TenancyArgs): NamespaceArgs {
  return {
    metadata: { name: args.namespace, labels: { ...args.labels, ...args.namespaceLabels } },
  };
}

function quotaArgs(args: TenancyArgs): ResourceQuotaArgs {
  return { metadata: metadata(args, ONLY), spec: { hard: { ...args.quota } } };
}

function limitArgs(args: TenancyArgs): LimitRangeArgs {
  const { requests, limits } = args.limits;
  return {
    metadata: metadata(args, ONLY),
    spec: {
      limits: [{ type: "Container", default: { ...limits }, defaultRequest: { ...requests } }],
    },
  };
}

/** Rights of its own, and no token: a workload that needs the API asks for one by a patch. */
function accountArgs(
  args: TenancyArgs,
  account: NonNullable<TenancyArgs["account"]>,
): ServiceAccountArgs {
  return {
    metadata: metadata(args, account.name),
    automountServiceAccountToken: false,
    ...(account.pullSecrets.length > 0 && {
      imagePullSecrets: account.pullSecrets.map((name) => ({ name })),
    }),
  };
}
