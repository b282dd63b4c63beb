import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import type { Text } from "../../stacks/contract/value.ts";
import { apiEdge, arn, awsOf, cloudName, keyOf, sidOf, usesKey } from "../base/aws.plan.ts";

/** Arguments of the component, as plan data. */
export interface TopicSpec<T = Text> {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  /** ARN of the KMS key that encrypts messages. */
  readonly key: T;
  readonly subscriptions: readonly z.infer<typeof subscription>[];
}

const subscription = z.strictObject({
  protocol: z.enum(["sqs", "https"]),
  endpoint: z
    .string()
    .regex(/^(arn:aws:sqs:|https:\/\/)/, "expected the ARN of a queue or an https URL")
    .describe("ARN of a queue, such as ${resources.jobs.arn}, or a URL"),
  raw: z.boolean().describe("Deliver the message as it is, without an envelope").default(true),
  filter: z
    .record(z.string(), z.json())
    .describe("Deliver only messages whose attributes match")
    .optional(),
});

const params = z
  .strictObject({
    fifo: z.boolean().describe("Keep the order of messages and deliver each once").default(false),
    subscriptions: z
      .array(subscription)
      .describe(
        "Who is told: queues and HTTPS endpoints, each {protocol, endpoint, raw, filter}; queues of the service itself need nothing else",
      )
      .default([]),
    requests: z
      .number()
      .min(0)
      .describe("Million messages in a month that the estimate of costs assumes")
      .default(1),
  })
  .refine(
    ({ fifo, subscriptions }) => !fifo || subscriptions.every(({ protocol }) => protocol === "sqs"),
    { path: ["subscriptions"], message: "a topic that keeps the order delivers to queues only" },
  );

/** A topic of SNS. */
export const sns = driver<z.infer<typeof params>>({
  type: "sns",
  name: "sns",
  title: "A topic in SNS and its subscriptions",
  params,
  outputs: {
    arn: { description: "ARN of the topic", secret: false },
    name: { description: "Name of the topic", secret: false },
    region: { description: "Region of the topic", secret: false },
  },
  cloud: "aws",
  stateful: false,
  rotation: "none",
  proof: { kind: "rehearsed" },
  plan(request) {
    const { params: given, environment, dataClass } = request;
    const cloud = awsOf(environment);
    const name = `${cloudName(request, 251)}${given.fifo ? ".fifo" : ""}`;
    const args = {
      name,
      arn: arn(cloud, "sns", name),
      fifo: given.fifo,
      key: keyOf(dataClass),
      subscriptions: given.subscriptions,
    } satisfies TopicSpec;
    return {
      args,
      outputs: { arn: args.arn, name, region: cloud.region },
      edges: [apiEdge(request)],
      iam: [
        {
          sid: sidOf(request, "Publish"),
          actions: ["sns:Publish"],
          resources: [args.arn],
          reason: `publish messages to ${request.id}`,
        },
        usesKey(request, "sns", ["kms:Decrypt", "kms:GenerateDataKey"]),
      ],
      costs: [
        {
          sku: `sns.${given.fifo ? "fifo" : "standard"}.requests`,
          quantity: given.requests,
          unit: "million-requests",
          assumed: `requests ${given.requests}`,
        },
      ],
    };
  },
});
