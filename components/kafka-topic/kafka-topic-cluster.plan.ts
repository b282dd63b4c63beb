import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import {
  type ServerSpec,
  type Sizes,
  hostOf,
  serverAnswer,
  serverParams,
  serverSpec,
} from "../base/server.plan.ts";
import { IMAGES } from "../images.ts";
import { OUTPUTS, type TopicSpec, topicParams, topicSpec } from "./topic.plan.ts";

/** What the component is told: the broker, and its topic. */
export type KafkaTopicSpec = ServerSpec & TopicSpec;

const PORT = 9092;
const SIZES: Sizes = {
  small: { cpu: "200m", memory: "1Gi" },
  medium: { cpu: "500m", memory: "2Gi" },
  large: { cpu: "2", memory: "4Gi" },
};

const { rotation: _, ...brokerParams } = serverParams;
const params = z.strictObject({ ...topicParams, ...brokerParams });

/** A topic of Kafka on a broker of its own in the cluster. */
export const kafkaTopicCluster = driver<z.infer<typeof params>>({
  type: "kafka-topic",
  name: "kafka-topic-cluster",
  title: "A topic of Kafka 3.9 on a broker of its own in the cluster",
  params,
  outputs: OUTPUTS,
  stateful: true,
  rotation: "none",
  proof: {
    kind: "real-server",
    test: "components/kafka-topic/kafka-topic-cluster.it.test.ts",
  },
  plan(request) {
    const asked = { ...request, params: { ...request.params, rotation: 1 } };
    const { identity: __, rotation: ___, ...server } = serverSpec(asked, IMAGES.kafka, SIZES);
    const args = { ...server, ...topicSpec(request) } satisfies KafkaTopicSpec;
    const { listens } = serverAnswer(asked, [PORT]);
    return {
      args,
      outputs: {
        host: hostOf(args.name, request.namespace),
        port: PORT,
        name: args.topic,
        num_partitions: args.partitions,
      },
      ...(listens && { listens }),
    };
  },
});
