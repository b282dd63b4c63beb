import { modeOf } from "../../components/base/aws.plan.ts";
import type { EksObjectsSpec } from "../../components/platform/aws.plan.ts";
import { CUSTOM_KINDS, type PlatformSpec } from "../../components/platform/platform.plan.ts";
import { SCHEMES, albClass } from "../../components/route/alb.plan.ts";
import { FILES_CLASS, diskClass } from "../../components/volume/volume-aws.plan.ts";
import type { Environment } from "../contract/environment.ts";
import { platformStack } from "../contract/names.ts";
import type { Plan, PlanItem, PlanOutput } from "../contract/plan.ts";
import { DATA_CLASSES, type DataClass, TIERS } from "../contract/service.ts";
import type { Text } from "../contract/value.ts";
import { type CloudOutputs, resolveCloud } from "./cloud-stack.ts";
import { cloudOf, tagsOf } from "./cloud.ts";
import { TIER } from "./defaults.ts";
import { seal } from "./digest.ts";
import { environmentGuard } from "./guard.ts";
import { labelsOf, priorityClassOf } from "./names.ts";
import { fromDefault, fromEnvironment } from "./origins.ts";
import { argsOf } from "./tenancy.ts";

/**
 * The stacks of what the services of an environment share: what stands in its account, where it has one, and what stands
 * in its cluster. The first makes the cluster that the second needs.
 */
export function resolvePlatform(environment: Environment): Plan[] {
  const cloud = resolveCloud(environment);
  return cloud ? [cloud, clusterPlan(environment, cloud)] : [clusterPlan(environment)];
}

/**
 * The embedded control plane brings storage and nothing else; a cluster with a name of its own brings its operators' CRDs
 * and its ingress class, which are theirs.
 */
function clusterPlan(environment: Environment, cloud?: Plan): Plan {
  const embedded = "embedded" in environment.cluster;
  const labels = labelsOf(environment, "platform", "platform", "critical");
  const spec: PlatformSpec = {
    labels,
    customKinds: embedded ? CUSTOM_KINDS : [],
    priorityClasses: TIERS.map((tier) => ({
      name: priorityClassOf(environment.name, tier),
      value: TIER[tier].priority,
      preemption: TIER[tier].preemption,
      description: `Services of the tier ${tier} in ${environment.name}`,
    })),
    ...(embedded && {
      ingressClass: { name: environment.ingressClass, controller: "fairway.dev/ingress" },
    }),
  };
  const items: PlanItem[] = [
    {
      id: "platform",
      component: "platform",
      args: argsOf(spec),
      origins: {
        "": fromEnvironment(environment, "cluster"),
        priorityClasses: fromDefault("one for each tier"),
        ingressClass: fromEnvironment(environment, "ingressClass"),
      },
      after: [],
      stateful: false,
    },
    ...(cloud ? eksItems(environment, cloud, labels) : []),
  ];
  const account = cloudOf(items, ownerOf(environment));
  return seal({
    stack: platformStack(environment.name),
    kind: "platform",
    name: "platform",
    environment: environment.name,
    namespace: "",
    ...(account && { cloud: account }),
    labels,
    items,
    patches: [],
    edges: [],
    outputs: cloud ? outputsOf(cloud) : {},
    dependsOn: cloud ? [cloud.stack] : [],
    images: {},
    refusals: [],
    notes: [],
    guard: environmentGuard(environment),
  });
}

const ownerOf = (environment: Environment, dataClass: DataClass = "internal") => ({
  name: "platform",
  owner: "platform",
  environment,
  dataClass,
});

/** Id of the item that reads the outputs of the account's stack. */
const CLOUD = "cloud";

/** What the account's stack says: literally where it was adopted. */
function fromCloud({ outputs }: Plan, output: keyof CloudOutputs): Text {
  const value = outputs[output]!.value;
  return typeof value === "string" ? value : { $template: [{ ref: CLOUD, output, secret: false }] };
}

function eksItems(
  environment: Environment,
  cloud: Plan,
  labels: Readonly<Record<string, string>>,
): PlanItem[] {
  const { cluster, cloud: account, domain } = environment;
  if (account.provider !== "aws" || !("eks" in cluster)) return [];
  const { eks } = account;
  const mode = modeOf(account);
  // The role of an adopted cluster in Auto Mode may forbid tags, and then nothing would be made.
  const tags = (dataClass?: DataClass) =>
    mode === "auto" && "adopt" in eks ? {} : tagsOf(account, ownerOf(environment, dataClass));
  const spec: EksObjectsSpec = {
    labels,
    mode,
    tags: tags(),
    ingressClasses: SCHEMES.map((scheme) => {
      const name = albClass(environment, scheme);
      return { name, scheme, group: `fairway-${environment.name}-${scheme}` };
    }),
    disks: DATA_CLASSES.map((dataClass) => ({
      name: diskClass(dataClass),
      key: fromCloud(cloud, `key-${dataClass}`),
      tags: tags(dataClass),
    })),
    reclaim: environment.stateful === "protect" ? "Retain" : "Delete",
    files: { name: FILES_CLASS, fileSystemId: fromCloud(cloud, "fileSystemId") },
    certificateArn: fromCloud(cloud, "certificateArn"),
    // An adopted cluster brings its own.
    ...(mode === "managed" &&
      "create" in eks && {
        controller: {
          cluster: cluster.eks,
          region: account.region,
          vpcId: fromCloud(cloud, "vpcId"),
          image: eks.create.loadBalancerController,
        },
      }),
  };
  return [
    {
      id: CLOUD,
      component: "shared-reference",
      args: { stack: cloud.stack },
      origins: { "": fromEnvironment(environment, "cloud") },
      after: [],
      stateful: false,
    },
    {
      id: "ingress",
      component: "eks-objects",
      args: argsOf(spec),
      origins: {
        "": fromEnvironment(environment, "cloud.eks"),
        ingressClasses: fromEnvironment(environment, "ingressClass"),
        reclaim: fromEnvironment(environment, "stateful"),
      },
      after: [],
      stateful: false,
    },
    {
      id: "wildcard",
      component: "dns-route53",
      args: {
        host: `*.${domain}`,
        zoneId: fromCloud(cloud, "zoneId"),
        target: fromIngress,
      },
      origins: { "": fromEnvironment(environment, "domain") },
      after: [],
      stateful: false,
    },
  ];
}

const fromIngress: Text = {
  $template: [{ ref: "ingress", output: "ingressHost", secret: false }],
};

/** What services read of the platform, wherever it stands: they know one stack. */
function outputsOf(cloud: Plan): Record<string, PlanOutput> {
  const names = Object.keys(cloud.outputs) as (keyof CloudOutputs)[];
  const read = names
    .filter((name) => !OWN.has(name))
    .map((name) => [name, fromCloud(cloud, name)] as const);
  return Object.fromEntries(
    [...read, ["ingressHost", fromIngress] as const]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, { value, secret: false }]),
  );
}

/** Outputs of the account's stack that no service reads. */
const OWN: ReadonlySet<string> = new Set(["fileSystemId", "nameServers"]);
