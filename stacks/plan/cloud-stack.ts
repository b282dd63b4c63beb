import {
  type AwsPlatformOutputs,
  awsOf,
  keyAlias,
  subnetGroups,
} from "../../components/base/aws.plan.ts";
import { subnetsOf } from "../../components/base/subnets.plan.ts";
import type {
  AwsClusterSpec,
  AwsDefaultsSpec,
  AwsDomainSpec,
  AwsFilesSpec,
  AwsKeysSpec,
  AwsNetworkSpec,
} from "../../components/platform/aws.plan.ts";
import { logBucket } from "../../components/s3/s3-aws.plan.ts";
import type { AwsCloud } from "../contract/cloud.ts";
import type { CostItem } from "../contract/cost.ts";
import type { Environment } from "../contract/environment.ts";
import { bootstrapRole, cloudStack } from "../contract/names.ts";
import type { Plan, PlanItem, PlanOutput } from "../contract/plan.ts";
import { DATA_CLASSES } from "../contract/service.ts";
import type { Text } from "../contract/value.ts";
import { cloudOf, tagsOf } from "./cloud.ts";
import { seal } from "./digest.ts";
import { environmentGuard } from "./guard.ts";
import { labelsOf } from "./names.ts";
import { fromDefault, fromEnvironment } from "./origins.ts";
import { argsOf } from "./tenancy.ts";

/** What the platform's stack and it alone reads of the account's. */
export type CloudOutputs = Omit<AwsPlatformOutputs, "ingressHost"> & {
  readonly fileSystemId: string;
};

/**
 * The stack of what stands in an account before anything can run in the cluster, each part adopted or created as the
 * environment says; undefined where the environment has no account. What is adopted is no item: its ids are outputs.
 */
export function resolveCloud(environment: Environment): Plan | undefined {
  if (environment.cloud.provider !== "aws" || !("eks" in environment.cluster)) return undefined;
  const cloud = awsOf(environment);
  const parts = partsOf(environment, environment.cluster.eks, cloud);
  const items = [
    ...networkItem(parts),
    ...keysItem(parts),
    ...clusterItem(parts),
    filesItem(parts),
    ...domainItem(parts),
    defaultsItem(parts),
  ];
  const account = cloudOf(items, ownerOf(environment));
  return seal({
    stack: cloudStack(environment.name),
    kind: "platform",
    name: "cloud",
    environment: environment.name,
    namespace: "",
    ...(account && { cloud: account }),
    labels: labelsOf(environment, "cloud", "platform", "critical"),
    items,
    patches: [],
    edges: [],
    outputs: outputsOf(parts),
    dependsOn: [],
    images: {},
    refusals: [],
    notes: [],
    guard: environmentGuard(environment),
  });
}

const ownerOf = (environment: Environment) =>
  ({ name: "cloud", owner: "platform", environment, dataClass: "internal" }) as const;

/** An environment's account, and where each id is known from: what was adopted, or what an item makes. */
interface Parts {
  readonly environment: Environment;
  readonly cloud: AwsCloud;
  readonly eks: string;
  readonly prefix: string;
  readonly ids: Readonly<Record<keyof CloudOutputs | "privateSubnets", Text>> & {
    readonly nameServers?: Text;
  };
}

const from = (item: string, output: string): Text => ({
  $template: [{ ref: item, output, secret: false }],
});

function partsOf(environment: Environment, eks: string, cloud: AwsCloud): Parts {
  const { network, keys, dns } = cloud;
  const keyArns = DATA_CLASSES.map((dataClass) => [
    `key-${dataClass}`,
    "adopt" in keys ? keys.adopt[dataClass] : from("keys", `key-${dataClass}`),
  ]);
  const networkIds =
    "adopt" in network
      ? {
          vpcId: network.adopt.vpc,
          privateSubnets: network.adopt.privateSubnets.join(","),
          databaseSubnets: network.adopt.databaseSubnets.join(","),
        }
      : {
          vpcId: from("network", "vpcId"),
          privateSubnets: from("network", "privateSubnets"),
          databaseSubnets: from("network", "databaseSubnets"),
        };
  const domainIds =
    "adopt" in dns
      ? { zoneId: dns.adopt.zone, certificateArn: dns.adopt.certificate }
      : {
          zoneId: from("domain", "zoneId"),
          certificateArn: from("domain", "certificateArn"),
          nameServers: from("domain", "nameServers"),
        };
  return {
    environment,
    cloud,
    eks,
    prefix: `fairway-${environment.name}`,
    ids: {
      ...networkIds,
      ...(Object.fromEntries(keyArns) as Record<`key-${(typeof DATA_CLASSES)[number]}`, Text>),
      ...domainIds,
      clusterSecurityGroup:
        "adopt" in cloud.eks
          ? cloud.eks.adopt.clusterSecurityGroup
          : from("cluster", "securityGroupId"),
      fileSystemId: from("files", "fileSystemId"),
    },
  };
}

/** An item of the stack, whose arguments are the environment's data. */
const itemOf = (
  { environment }: Parts,
  id: string,
  spec: object,
  field: string,
  more: { readonly holdsData?: boolean; readonly costs?: readonly CostItem[] } = {},
): PlanItem => ({
  id,
  component: `aws-${id}`,
  args: argsOf(spec),
  origins: { "": field ? fromEnvironment(environment, field) : fromDefault("what services share") },
  after: [],
  stateful: more.holdsData === true,
  ...(more.costs && { costs: more.costs }),
  ...(more.holdsData && environment.stateful === "protect" && { protect: true }),
});

const HOURS = 730;

/** Services that are reached through gateways of the network's routes; all others have interfaces. */
const GATEWAYS: ReadonlySet<string> = new Set(["s3", "dynamodb"]);

function networkItem(parts: Parts): PlanItem[] {
  const { cloud, eks, prefix } = parts;
  if ("adopt" in cloud.network) return [];
  const { cidr, zones, nat, endpoints, flowLogs } = cloud.network.create;
  const subnets = subnetsOf(cidr, zones);
  const spec: AwsNetworkSpec = {
    name: prefix,
    region: cloud.region,
    cidr,
    cluster: eks,
    zones: subnets.private.map((own, index) => ({
      zone: `${cloud.region}${"abc"[index]}`,
      private: own,
      public: subnets.public[index]!,
      database: subnets.database[index]!,
    })),
    nat,
    gateways: endpoints.filter((service) => GATEWAYS.has(service)),
    interfaces: endpoints.filter((service) => !GATEWAYS.has(service)),
    flowLogs,
  };
  const month = (sku: string, count: number): CostItem[] =>
    count === 0 ? [] : [{ sku, quantity: count * HOURS, unit: "hour" }];
  const costs = [
    ...month("vpc.nat-gateway", nat === "zone" ? zones : nat === "one" ? 1 : 0),
    ...month("vpc.endpoint", spec.interfaces.length * zones),
  ];
  return [itemOf(parts, "network", spec, "cloud.network", { costs })];
}

function keysItem(parts: Parts): PlanItem[] {
  const { cloud, environment } = parts;
  if ("adopt" in cloud.keys) return [];
  const spec: AwsKeysSpec = {
    account: cloud.account,
    keys: DATA_CLASSES.map((dataClass) => ({
      dataClass,
      alias: keyAlias(environment.name, dataClass),
    })),
  };
  const costs: CostItem[] = [{ sku: "kms.key", quantity: spec.keys.length, unit: "month" }];
  return [itemOf(parts, "keys", spec, "cloud.keys", { holdsData: true, costs })];
}

function clusterItem(parts: Parts): PlanItem[] {
  const { cloud, environment, eks, prefix, ids } = parts;
  if ("adopt" in cloud.eks) return [];
  const { version, support, mode, endpoint, nodes, logs } = cloud.eks.create;
  const role = (word: "read" | "write"): string =>
    bootstrapRole(cloud.account, environment.name, word);
  const spec: AwsClusterSpec = {
    prefix,
    name: eks,
    version,
    support,
    subnets: ids.privateSubnets,
    ...(endpoint !== "private" && { publicCidrs: endpoint.cidrs }),
    secretsKey: ids["key-restricted"],
    diskKeys: DATA_CLASSES.map((dataClass) => ids[`key-${dataClass}`]),
    logs,
    protect: environment.stateful === "protect",
    access: [
      { role: role("read"), policy: "AmazonEKSAdminViewPolicy" },
      { role: role("write"), policy: "AmazonEKSClusterAdminPolicy" },
    ],
    tags: tagsOf(cloud, ownerOf(environment)),
    ...(mode === "managed" && {
      nodes: { ...nodes, arm: nodes.instanceTypes.every((type) => /^[a-z]+\d+g/.test(type)) },
    }),
  };
  const costs: CostItem[] = [{ sku: "eks.cluster", quantity: HOURS, unit: "hour" }];
  if (mode === "managed")
    costs.push({
      sku: `ec2.${nodes.instanceTypes[0]}`,
      quantity: nodes.min * HOURS,
      unit: "hour",
      assumed: `${nodes.min} nodes`,
    });
  return [itemOf(parts, "cluster", spec, "cloud.eks", { holdsData: true, costs })];
}

function filesItem(parts: Parts): PlanItem {
  const { cloud, prefix, ids } = parts;
  const { network } = cloud;
  const spec: AwsFilesSpec = {
    name: prefix,
    vpcId: ids.vpcId,
    subnets: ids.privateSubnets,
    zones: "adopt" in network ? network.adopt.privateSubnets.length : network.create.zones,
    key: ids["key-internal"],
    clusterSecurityGroup: ids.clusterSecurityGroup,
  };
  return itemOf(parts, "files", spec, "", { holdsData: true });
}

function domainItem(parts: Parts): PlanItem[] {
  if ("adopt" in parts.cloud.dns) return [];
  const spec: AwsDomainSpec = { domain: parts.environment.domain };
  return [itemOf(parts, "domain", spec, "cloud.dns", { holdsData: true })];
}

function defaultsItem(parts: Parts): PlanItem {
  const { cloud, environment, ids } = parts;
  const spec: AwsDefaultsSpec = {
    databaseSubnets: ids.databaseSubnets,
    subnetGroups: subnetGroups(environment.name),
    account: cloud.account,
    logBucket: logBucket(environment.name, cloud.account),
    logs: cloud.logs,
  };
  return itemOf(parts, "defaults", spec, "", { holdsData: true });
}

function outputsOf({ ids }: Parts): Record<string, PlanOutput> {
  return Object.fromEntries(
    Object.entries(ids)
      .filter(([name]) => name !== "privateSubnets")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, { value, secret: false }]),
  );
}
