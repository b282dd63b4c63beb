import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { shortHash } from "../../stacks/contract/names.ts";
import { parseQuantity } from "../../stacks/contract/quantity.ts";
import { hostOf } from "../base/server.plan.ts";
import { PATHS, Server, type ServerArgs } from "../base/server.ts";
import type { KafkaTopicSpec } from "./kafka-topic-cluster.plan.ts";
import { LOGGING, MADE, START, configuration } from "./scripts.ts";

/** Arguments of KafkaTopic. */
export type KafkaTopicArgs = KafkaTopicSpec & Pick<ServerArgs, "transforms">;

/**
 * A topic on one broker of its own, on one volume. It asks for no password: Score's outputs of a topic have none, and
 * the network lets in only who uses it. Example: `examples/kafka-topic.ts`.
 */
export class KafkaTopic extends Server {
  static readonly type = "fairway:kafka-topic:KafkaTopic";

  constructor(name: string, args: KafkaTopicArgs, opts?: ComponentResourceOptions) {
    const host = hostOf(args.name, args.namespace);
    const heap = Math.floor((parseQuantity(args.limits.memory) ?? 0) / 2 ** 21);
    const made = { exec: { command: ["test", "-e", MADE] } };
    super(
      KafkaTopic.type,
      name,
      { ...args, rotation: 1, password: "" },
      {
        user: 1000,
        ports: { kafka: 9092 },
        command: ["/bin/sh", `${PATHS.config}/start.sh`],
        env: {
          FAIRWAY_CLUSTER: clusterId(`${args.namespace}/${args.name}`),
          FAIRWAY_TOPIC: args.topic,
          FAIRWAY_PARTITIONS: String(args.partitions),
          KAFKA_HEAP_OPTS: `-Xms${heap}m -Xmx${heap}m`,
          KAFKA_LOG4J_OPTS: `-Dlog4j.configuration=file:${PATHS.config}/log4j.properties`,
          // The image's own start script would log its garbage collector into a folder of the image.
          EXTRA_ARGS: "-name kafkaServer",
          LOG_DIR: "/tmp/kafka",
        },
        config: {
          "start.sh": START,
          "server.properties": configuration(host, args),
          "log4j.properties": LOGGING,
        },
        secrets: {},
        ownNames: [host],
        startupProbe: { ...made, periodSeconds: 2, failureThreshold: 150 },
        readinessProbe: { ...made, periodSeconds: 5, timeoutSeconds: 3 },
        livenessProbe: { tcpSocket: { port: 9092 }, periodSeconds: 10, failureThreshold: 6 },
      },
      opts,
    );
    this.registerOutputs({});
  }
}

/** Id of a cluster as Kafka writes it: 16 bytes in base64. */
const clusterId = (text: string): string =>
  Buffer.from(shortHash(text, 32), "hex").toString("base64url");
