import { z } from "zod";
import type { CostItem } from "../../stacks/contract/cost.ts";
import { type DriverRequest, driver } from "../../stacks/contract/driver.ts";
import type { IamStatement } from "../../stacks/contract/iam.ts";
import { type Text, joinText } from "../../stacks/contract/value.ts";
import { awsOf, fromPlatform, fromSelf, sidOf } from "../base/aws.plan.ts";
import {
  type CloudServerSpec,
  MONTH,
  cloudParams,
  cloudServerSpec,
  diskParam,
  gibibytes,
  serves,
} from "../base/cloud-server.plan.ts";
import { OUTPUTS, type TopicSpec, topicParams, topicSpec } from "./topic.plan.ts";

/** Brokers that are made for the topic. */
export interface BrokersSpec<T = Text> extends Omit<
  CloudServerSpec<T>,
  "ha" | "backups" | "protect" | "applyImmediately"
> {
  /** Such as `3.9.x`: MSK chooses the last part. */
  readonly version: string;
  /** Ids of subnets, with commas in between, one in each zone. */
  readonly subnets: T;
  /** Brokers, one in each zone. */
  readonly brokers: number;
  /** GiB of each broker. */
  readonly storage: number;
}

/** Brokers that are there already. */
export interface AdoptedBrokers {
  readonly arn: string;
  /** A broker that answers with IAM authentication. */
  readonly host: string;
  readonly securityGroup: string;
}

/** What the component is told: the topic, and whose it is. */
export type MskTopicSpec<T = Text> = TopicSpec & {
  /** Brokers that hold a copy of each message. */
  readonly replicas: number;
} & (
    | { readonly create: BrokersSpec<T>; readonly adopt?: never }
    | { readonly adopt: AdoptedBrokers; readonly create?: never }
  );

/** Port of brokers that ask for IAM authentication. */
const PORT = 9098;

const ACCESS = ["read-write", "read", "write"] as const;

const { size } = cloudParams("kafka");

const params = z.strictObject({
  ...topicParams,
  size,
  storage: diskParam
    .describe("Size of each broker's disk; may grow, never shrink")
    .default("100Gi"),
  version: z
    .string()
    .regex(/^\d+\.\d+\.(\d+|x)(\.kraft)?$/, "expected a version of MSK such as 3.9.x")
    .describe("Version of Kafka")
    .default("3.9.x"),
  access: z.enum(ACCESS).describe("What pods may do with messages").default("read-write"),
  cluster: z
    .strictObject({
      arn: z
        .string()
        .regex(/^arn:aws:kafka:[^:]+:\d{12}:cluster\/[^/]+\/[^/]+$/, "expected a cluster's ARN")
        .describe("ARN of the cluster"),
      host: z.string().min(1).describe("Host name of a broker that answers on port 9098"),
      securityGroup: z.string().startsWith("sg-").describe("Security group of the brokers"),
      brokers: z.int().min(2).describe("Number of brokers").default(3),
    })
    .describe("A cluster that is there already; default: one is made for this topic alone")
    .optional(),
});
type Params = z.infer<typeof params>;

/** A topic of Kafka, run by MSK. Pods log in with their role. */
export const kafkaTopicMsk = driver<Params>({
  type: "kafka-topic",
  name: "kafka-topic-msk",
  title: "A topic of MSK, on brokers of its own or on a cluster that is there already",
  params,
  outputs: OUTPUTS,
  cloud: "aws",
  stateful: true,
  rotation: "none",
  proof: { kind: "rehearsed" },
  plan(request) {
    const { cluster } = request.params;
    const create = cluster ? undefined : brokersOf(request);
    const brokers = cluster?.brokers ?? create?.brokers ?? 0;
    const spec = { ...topicSpec(request), replicas: Math.min(brokers, 3) };
    const adopt = cluster && {
      arn: cluster.arn,
      host: cluster.host,
      securityGroup: cluster.securityGroup,
    };
    return {
      args: { ...spec, ...(adopt && { adopt }), ...(create && { create: { ...create } }) },
      outputs: {
        host: cluster?.host ?? fromSelf(request, "host"),
        port: PORT,
        name: spec.topic,
        num_partitions: spec.partitions,
      },
      ...serves(PORT),
      iam: accessTo(request),
      ...(create && { costs: brokerCosts(create) }),
    };
  },
});

function brokersOf(request: DriverRequest<Params>): BrokersSpec {
  const { environment, params: given } = request;
  const { network } = awsOf(environment);
  const zones = "adopt" in network ? network.adopt.databaseSubnets.length : network.create.zones;
  const { name, vpcId, key, nodeClass, logs } = cloudServerSpec(
    { ...request, params: { size: given.size, applyImmediately: true } },
    "msk",
    64,
  );
  return {
    name,
    vpcId,
    key,
    nodeClass,
    logs,
    version: given.version,
    subnets: fromPlatform("databaseSubnets"),
    // Brokers cannot be moved to other zones later.
    brokers: zones,
    storage: gibibytes(given.storage, 1),
  };
}

/** Topics and groups of consumers of a cluster have its name and id in their ARNs, which only AWS knows before. */
function accessTo(request: DriverRequest<Params>): IamStatement[] {
  const { id, service, params: given } = request;
  const reads = given.access !== "write";
  const writes = given.access !== "read";
  const groups = joinText([fromSelf(request, "groupPrefix"), `/${service}*`]);
  return [
    {
      sid: sidOf(request, "Cluster"),
      actions: [
        "kafka-cluster:Connect",
        "kafka-cluster:DescribeCluster",
        ...(writes ? ["kafka-cluster:WriteDataIdempotently"] : []),
      ],
      resources: [fromSelf(request, "clusterArn")],
      reason: `log in to the brokers of ${id}`,
    },
    {
      sid: sidOf(request, "Topic"),
      actions: [
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:DescribeTopicDynamicConfiguration",
        ...(reads ? ["kafka-cluster:ReadData"] : []),
        ...(writes ? ["kafka-cluster:WriteData"] : []),
      ],
      resources: [fromSelf(request, "topicArn")],
      reason: `${given.access} the messages of ${id}`,
    },
    ...(reads
      ? [
          {
            sid: sidOf(request, "Groups"),
            actions: ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"],
            resources: [groups],
            reason: `remember what was read of ${id}`,
            wildcard: "programs name their groups of consumers themselves, after the service",
          },
        ]
      : []),
  ];
}

const brokerCosts = ({ nodeClass, brokers, storage }: BrokersSpec): CostItem[] => [
  { sku: `msk.broker.${nodeClass}`, quantity: MONTH * brokers, unit: "hour" },
  { sku: "msk.storage.standard", quantity: storage * brokers, unit: "GB-month" },
];
