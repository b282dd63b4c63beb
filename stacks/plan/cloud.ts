import { PLATFORM, awsOf, fromPlatform, modeOf } from "../../components/base/aws.plan.ts";
import type { CloudNetworkSpec } from "../../components/cloud-network/cloud-network.plan.ts";
import type { IdentitySpec } from "../../components/identity/identity.plan.ts";
import type { AwsCloud } from "../contract/cloud.ts";
import type { Environment } from "../contract/environment.ts";
import type { ExplainedStatement } from "../contract/iam.ts";
import { cut, platformStack, stackBase } from "../contract/names.ts";
import type { Edge, PlanCloud, PlanItem } from "../contract/plan.ts";
import { type Problem, problem } from "../contract/problem.ts";
import type { DataClass } from "../contract/service.ts";
import { type Text, isTemplate, referencesOf } from "../contract/value.ts";
import { type Drivers, DRIVERS } from "./drivers.ts";
import { IDENTITY, NETWORK, TENANCY, WORKLOAD, selectorOf } from "./names.ts";
import { fromDefault, fromEnvironment } from "./origins.ts";
import { argsOf } from "./tenancy.ts";

/** What the account is told of a stack, as tags of every resource. */
export interface CloudOwner {
  readonly name: string;
  readonly owner: string | undefined;
  readonly environment: Environment;
  readonly dataClass: DataClass;
}

/** The cloud account that items are built in; undefined where none of them is. */
export function cloudOf(
  items: readonly PlanItem[],
  owner: CloudOwner,
  drivers: Drivers = DRIVERS,
): PlanCloud | undefined {
  const { cloud } = owner.environment;
  const needed = items.some(
    ({ component }) => IN_CLOUD.has(component) || drivers.get(component)?.cloud === "aws",
  );
  if (!needed || cloud.provider !== "aws") return undefined;
  const { region, account } = cloud;
  return { provider: "aws", region, account, tags: tagsOf(cloud, owner) };
}

/** Tags of what is built for an owner. */
export function tagsOf(
  { tags, costCentre, repository }: AwsCloud,
  { name, owner, environment, dataClass }: CloudOwner,
): Readonly<Record<string, string>> {
  return {
    ...tags,
    "fairway:service": name,
    "fairway:owner": owner ?? "unowned",
    "fairway:environment": environment.name,
    "fairway:data-class": dataClass,
    ...(costCentre !== undefined && { "fairway:cost-centre": costCentre }),
    ...(repository !== undefined && { "fairway:repository": repository }),
  };
}

/** Components of the platform's own that build in the account. */
const IN_CLOUD: ReadonlySet<string> = new Set([
  "aws-cluster",
  "aws-defaults",
  "aws-domain",
  "aws-files",
  "aws-keys",
  "aws-network",
  "cloud-network",
  "workload-identity",
]);

/** What the pods of a service are made from. */
export interface PodSite {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** ServiceAccount of the pods. */
  readonly account: string;
  readonly environment: Environment;
}

/** The role of a service's pods; none where they may do nothing in the cloud. */
export function identityItem(
  statements: readonly ExplainedStatement[],
  { name, namespace, account, environment }: PodSite,
): PlanItem[] {
  const { cluster, cloud } = environment;
  if (statements.length === 0 || cloud.provider !== "aws" || !("eks" in cluster)) return [];
  const spec: IdentitySpec = {
    role: cut(`fairway-${name}-${environment.name}`, 64),
    cluster: cluster.eks,
    namespace,
    serviceAccount: account,
    ...(cloud.permissionsBoundary !== undefined && {
      permissionsBoundary: cloud.permissionsBoundary,
    }),
    statements: statements.map(({ statement }) => statement),
  };
  return [
    {
      id: IDENTITY,
      component: "workload-identity",
      args: argsOf(spec),
      origins: {
        "": fromDefault("pods may do in the cloud what their resources need, and nothing else"),
        permissionsBoundary: fromEnvironment(environment, "cloud.permissionsBoundary"),
        ...Object.fromEntries(
          statements.map(({ origin }, index) => [`statements.${index}`, origin]),
        ),
      },
      after: [TENANCY],
      stateful: false,
    },
  ];
}

/** Pods with a role fetch its credentials from the agent on their node. */
export const identityEdges = (identity: readonly PlanItem[]): Edge[] =>
  identity.map(() => ({
    from: { kind: "self", item: WORKLOAD },
    to: { kind: "entity", entity: "pod-identity" },
    port: 80,
    protocol: "TCP",
    origin: fromDefault("pods fetch the credentials of their role from the agent on their node"),
  }));

/** The openings of security groups that the edges to the cloud's network ask for; none where there are no such edges. */
export function networkItem(
  edges: readonly Edge[],
  items: readonly PlanItem[],
  { name, namespace, labels, environment }: PodSite,
  notes: Problem[],
): PlanItem[] {
  const byRule = new Map<string, CloudNetworkSpec["edges"][number]>();
  for (const { from, to, port, protocol } of edges) {
    if (from.kind !== "self" || from.item !== WORKLOAD || to.kind !== "cloud") continue;
    const stack = items.find(({ id }) => id === to.item)?.args["stack"];
    const name = typeof stack === "string" ? stackBase(stack) : to.item;
    const securityGroup: Text = {
      $template: [{ ref: to.item, output: "securityGroupId", secret: false }],
    };
    byRule.set(`${name} ${port} ${protocol}`, { to: name, securityGroup, port, protocol });
  }
  if (byRule.size === 0) return [];
  const reached = [...byRule.values()];
  const mode = modeOf(awsOf(environment));
  if (mode === "auto")
    notes.push(
      problem(
        "FW3031",
        `${environment.name} runs on EKS Auto Mode: the security groups of ${reached.map(({ to }) => to).join(", ")} let in every node, and network policies alone tell pods apart`,
        { file: environment.file, path: "spec.cloud.eks" },
      ),
    );
  const spec: CloudNetworkSpec = {
    name: cut(`${name}-${environment.name}`, 63),
    namespace,
    labels,
    selector: selectorOf(name, WORKLOAD),
    grain: mode === "auto" ? "node" : "pod",
    vpcId: fromPlatform("vpcId"),
    clusterSecurityGroup: fromPlatform("clusterSecurityGroup"),
    edges: reached,
  };
  return [
    {
      id: NETWORK,
      component: "cloud-network",
      args: argsOf(spec),
      origins: { "": fromDefault("security groups let in what the graph's edges say") },
      after: [TENANCY],
      stateful: false,
    },
  ];
}

/** The outputs of the environment's platform stack, where an item reads any. */
export function platformItem(items: readonly PlanItem[], environment: string): PlanItem[] {
  if (!items.some(({ args }) => refersTo(args, PLATFORM))) return [];
  return [
    {
      id: PLATFORM,
      component: "shared-reference",
      args: { stack: platformStack(environment) },
      origins: { "": fromDefault("what the environment's platform stack built") },
      after: [],
      stateful: false,
    },
  ];
}

function refersTo(value: unknown, item: string): boolean {
  if (isTemplate(value)) return referencesOf(value).some(({ ref }) => ref === item);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((member) => refersTo(member, item));
}
