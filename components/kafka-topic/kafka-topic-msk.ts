import { Cluster, type ClusterArgs } from "@pulumi/aws/msk/cluster.js";
import { Configuration, type ConfigurationArgs } from "@pulumi/aws/msk/configuration.js";
import { Topic, type TopicArgs } from "@pulumi/aws/msk/topic.js";
import { type ComponentResourceOptions, type Input, type Output, output } from "@pulumi/pulumi";
import { CloudServer, type CloudServerTransforms } from "../base/cloud-server.ts";
import type { Transform } from "../base/component.ts";
import type { BrokersSpec, MskTopicSpec } from "./kafka-topic-msk.plan.ts";

/** Arguments of MskTopic. */
export type MskTopicArgs = MskTopicSpec<Input<string>> & {
  readonly transforms?: CloudServerTransforms & {
    readonly cluster?: Transform<ClusterArgs>;
    readonly configuration?: Transform<ConfigurationArgs>;
    readonly topic?: Transform<TopicArgs>;
  };
};

/** Where a topic stands. */
interface Brokers {
  readonly arn: Input<string>;
  readonly host: Input<string>;
  readonly securityGroup: Input<string>;
}

/**
 * A topic of MSK, on brokers of its own in private subnets or on a cluster that is there already: encrypted, reached
 * with TLS and IAM authentication only. Example: `examples/kafka-topic-msk.ts`.
 */
export class MskTopic extends CloudServer {
  static readonly type = "fairway:kafka-topic:MskTopic";
  readonly host: Output<string>;
  readonly securityGroupId: Output<string>;
  readonly clusterArn: Output<string>;
  readonly topicArn: Output<string>;
  /** ARN of a group of consumers without its name: `<prefix>/<group>`. */
  readonly groupPrefix: Output<string>;
  /** The raw topic. */
  readonly topic: Topic;

  constructor(name: string, args: MskTopicArgs, opts?: ComponentResourceOptions) {
    super(MskTopic.type, name, opts);
    const brokers = args.adopt ?? this.#brokers(args.create, args);
    this.host = output(brokers.host);
    this.securityGroupId = output(brokers.securityGroup);
    this.clusterArn = output(brokers.arn);
    this.groupPrefix = this.clusterArn.apply((arn) => arn.replace(":cluster/", ":group/"));
    this.topicArn = this.clusterArn.apply(
      (arn) => `${arn.replace(":cluster/", ":topic/")}/${args.topic}`,
    );
    this.topic = this.child(
      "topic",
      Topic,
      {
        name: args.topic,
        clusterArn: this.clusterArn,
        partitionCount: args.partitions,
        replicationFactor: args.replicas,
        configs: configsOf(args),
      },
      args.transforms?.topic,
      // Its name is taken while it stands.
      { deleteBeforeReplace: true },
    );
    this.registerOutputs({ host: this.host });
  }

  #brokers(spec: BrokersSpec<Input<string>>, { replicas, transforms = {} }: MskTopicArgs): Brokers {
    const wall = this.wall(spec, transforms.securityGroup);
    const logGroup = `/aws/msk/${spec.name}`;
    const logs = this.logGroups(spec, { broker: logGroup }, transforms.logGroup);
    const configuration = this.child(
      "configuration",
      Configuration,
      {
        name: spec.name,
        description: `Properties of ${spec.name}`,
        serverProperties: propertiesOf(replicas),
      },
      transforms.configuration,
    );
    const cluster = this.child(
      "cluster",
      Cluster,
      {
        ...clusterArgs(spec, logGroup),
        brokerNodeGroupInfo: {
          instanceType: spec.nodeClass,
          clientSubnets: output(spec.subnets).apply((ids) => ids.split(",")),
          securityGroups: [wall.id],
          storageInfo: { ebsStorageInfo: { volumeSize: spec.storage } },
        },
        configurationInfo: { arn: configuration.arn, revision: configuration.latestRevision },
      },
      transforms.cluster,
      { dependsOn: logs, deleteBeforeReplace: true },
    );
    return {
      arn: cluster.arn,
      host: cluster.bootstrapBrokersSaslIam.apply((brokers) => brokers.split(":")[0] ?? ""),
      securityGroup: wall.id,
    };
  }
}

/** Nobody makes a topic by writing to it, and a message is safe when all brokers but one have it. */
const propertiesOf = (replicas: number): string =>
  [
    "auto.create.topics.enable=false",
    `default.replication.factor=${replicas}`,
    `min.insync.replicas=${Math.max(1, replicas - 1)}`,
    "",
  ].join("\n");

const configsOf = ({ retentionHours, replicas }: MskTopicArgs): string =>
  JSON.stringify({
    "min.insync.replicas": String(Math.max(1, replicas - 1)),
    "retention.ms": String(retentionHours * 3_600_000),
  });

const clusterArgs = (
  spec: BrokersSpec<Input<string>>,
  logGroup: string,
): Omit<ClusterArgs, "brokerNodeGroupInfo"> => ({
  clusterName: spec.name,
  kafkaVersion: spec.version,
  numberOfBrokerNodes: spec.brokers,
  clientAuthentication: { sasl: { iam: true }, unauthenticated: false },
  encryptionInfo: {
    encryptionAtRestKmsKeyArn: spec.key,
    encryptionInTransit: { clientBroker: "TLS", inCluster: true },
  },
  loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup } } },
});
