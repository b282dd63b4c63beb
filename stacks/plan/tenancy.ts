import { modeOf } from "../../components/base/aws.plan.ts";
import { databaseCidrs, networkCidr } from "../../components/base/subnets.plan.ts";
import { type NetworkSite, networkPolicies } from "../../components/tenancy/network.plan.ts";
import type { TenancySpec } from "../../components/tenancy/tenancy.plan.ts";
import type { Environment } from "../contract/environment.ts";
import { SECRET_STORE, consumesLabel, splitStack, storedPullSecret } from "../contract/names.ts";
import type { Edge, PlanItem, PlanValue } from "../contract/plan.ts";
import { TENANCY } from "./names.ts";
import { fromDefault, fromEnvironment } from "./origins.ts";

/** What a namespace is made for. */
export interface Tenant {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: string | undefined;
  readonly edges: readonly Edge[];
  readonly environment: Environment;
  /** Name of the workload's ServiceAccount; absent: no workload. */
  readonly account?: string;
}

/** Kubernetes' strictest Pod Security level, for all three of its modes. */
const RESTRICTED: Readonly<Record<string, string>> = {
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": "latest",
  "pod-security.kubernetes.io/warn": "restricted",
};

/** What an owner may do beyond looking (ClusterRole `view`, which holds no secrets): read logs and forward ports. */
const DEBUG = [
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  { apiGroups: [""], resources: ["pods/portforward"], verbs: ["create", "get"] },
];

/** The plan item of a namespace and its walls. */
export function tenancyItem(tenant: Tenant): PlanItem {
  const { namespace, labels, owner, edges, environment, account } = tenant;
  const { quota, limits } = environment;
  const { pullSecrets } = environment.images;
  const group = owner === undefined ? undefined : (environment.groups[owner] ?? owner);
  const spec: TenancySpec = {
    namespace,
    labels,
    namespaceLabels: { ...RESTRICTED, ...consumed(edges, environment.name) },
    quota: {
      pods: String(quota.pods),
      "requests.cpu": quota.cpu,
      "requests.memory": quota.memory,
      "requests.storage": quota.storage,
    },
    limits: {
      requests: { cpu: limits.cpuRequest, memory: limits.memoryRequest },
      limits: { cpu: limits.cpu, memory: limits.memory },
    },
    policies: networkPolicies(edges, siteOf(tenant.name, environment)),
    ...(pullSecrets.length > 0 && {
      pullSecrets: pullSecrets.map((name) => ({
        name,
        stored: `${SECRET_STORE}/${storedPullSecret(name, environment.name)}`,
      })),
    }),
    ...(account !== undefined && { account: { name: account, pullSecrets } }),
    ...(group !== undefined && {
      access: {
        roles: { debug: DEBUG },
        bindings: [
          { name: "owner-debug", group, role: { kind: "Role", name: "debug" } },
          { name: "owner-view", group, role: { kind: "ClusterRole", name: "view" } },
        ],
      },
    }),
  };
  return {
    id: TENANCY,
    component: "tenancy",
    args: argsOf(spec),
    origins: {
      "": fromDefault("every stack has a namespace of its own, closed by default"),
      namespace: fromEnvironment(environment, "namespace"),
      quota: fromEnvironment(environment, "quota"),
      limits: fromEnvironment(environment, "limits"),
      ...(pullSecrets.length > 0 && {
        pullSecrets: fromEnvironment(environment, "images.pullSecrets"),
      }),
      "account.pullSecrets": fromEnvironment(environment, "images.pullSecrets"),
      access: fromDefault("the owner's group may look, read logs and forward ports"),
    },
    after: [],
    stateful: false,
  };
}

/** A label for each stack whose pods this namespace's pods may call. */
function consumed(edges: readonly Edge[], environment: string): Record<string, string> {
  const names = edges.flatMap(({ from, to }) =>
    from.kind === "self" && to.kind === "stack" ? [splitStack(to.stack).name] : [],
  );
  return Object.fromEntries(
    [...new Set(names)].sort().map((name) => [consumesLabel(name), environment]),
  );
}

/** Where the edges of a stack are drawn. */
function siteOf(name: string, environment: Environment): NetworkSite {
  const { cloud, cluster } = environment;
  const telemetry = inCluster(environment.monitoring.otlp);
  return {
    name,
    environment: environment.name,
    ingressNamespace: environment.ingressNamespace,
    monitoringNamespace: environment.monitoring.namespace,
    ...(cloud.provider === "aws" && {
      databaseCidrs: databaseCidrs(cloud),
      cloudCidr: networkCidr(cloud),
      nodeDns: "eks" in cluster && modeOf(cloud) === "auto",
      balanced: environment.resources.some(({ driver }) => driver === "route-alb"),
    }),
    ...(telemetry && { telemetryNamespace: telemetry }),
  };
}

/** Namespace of an address such as `http://collector.monitoring:4318`; undefined outside of the cluster. */
function inCluster(address: string): string | undefined {
  const host = /^[a-z]+:\/\/([^:/]+)/.exec(address)?.[1]?.split(".") ?? [];
  return host.length === 2 || host[2] === "svc" ? host[1] : undefined;
}

/** A component's typed arguments as plan data: a spec is JSON with templates and nothing else. */
export const argsOf = (spec: object): Readonly<Record<string, PlanValue>> =>
  spec as Readonly<Record<string, PlanValue>>;
