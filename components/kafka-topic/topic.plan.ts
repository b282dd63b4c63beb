import { z } from "zod";
import type { DriverRequest, OutputFace } from "../../stacks/contract/driver.ts";
import { cut } from "../../stacks/contract/names.ts";

/** Outputs of every topic of Kafka. */
export const OUTPUTS = {
  host: { description: "Host name of a broker to begin with", secret: false },
  port: { description: "TCP port of the brokers", secret: false },
  name: { description: "Name of the topic", secret: false },
  num_partitions: { description: "Number of partitions", secret: false },
} as const satisfies Record<string, OutputFace>;

/** Params of every topic of Kafka. */
export const topicParams = {
  partitions: z
    .int()
    .min(1)
    .max(1000)
    .describe("Partitions; may be raised, never lowered")
    .default(3),
  retentionHours: z.int().min(1).max(87_600).describe("Hours that a message is kept").default(168),
};

/** What is told of a topic. */
export interface TopicSpec {
  readonly topic: string;
  readonly partitions: number;
  readonly retentionHours: number;
}

/** The topic of a request, called after service and resource. */
export const topicSpec = (
  request: DriverRequest<{ readonly partitions: number; readonly retentionHours: number }>,
): TopicSpec => ({
  topic: cut(`${request.service}-${request.id}`, 200),
  partitions: request.params.partitions,
  retentionHours: request.params.retentionHours,
});
