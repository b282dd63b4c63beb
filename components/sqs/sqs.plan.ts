import { z } from "zod";
import { type DriverRequest, driver } from "../../stacks/contract/driver.ts";
import type { IamStatement } from "../../stacks/contract/iam.ts";
import type { Text } from "../../stacks/contract/value.ts";
import { apiEdge, arn, awsOf, cloudName, keyOf, sidOf, usesKey } from "../base/aws.plan.ts";

/** Arguments of the component, as plan data. */
export interface QueueSpec<T = Text> {
  readonly name: string;
  readonly arn: string;
  /** Queue of what was received too often. */
  readonly deadLetter: { readonly name: string; readonly arn: string };
  readonly fifo: boolean;
  /** ARN of the KMS key; absent: keys of SQS itself. */
  readonly key?: T;
  /** Times that a message may be received before it goes to the dead-letter queue. */
  readonly maxReceive: number;
  /** Seconds that a received message is hidden from other receivers. */
  readonly visibility: number;
  /** Seconds before a message can be received. */
  readonly delay: number;
  /** Seconds that messages are kept; dead ones 14 days. */
  readonly retention: number;
  /** ARNs of the topics that the queue subscribes to. */
  readonly topics: readonly string[];
  /** Pattern of the ARNs of topics that may send here: those of the service itself. */
  readonly ownTopics: string;
}

const DAY = 86_400;

const params = z.strictObject({
  fifo: z.boolean().describe("Keep the order of messages and deliver each once").default(false),
  encryption: z
    .enum(["sqs", "kms"])
    .describe("Keys of SQS or of the data class; default kms for confidential and restricted data")
    .optional(),
  access: z
    .enum(["both", "send", "receive"])
    .describe("What pods may do with messages")
    .default("both"),
  maxReceive: z
    .int()
    .min(1)
    .max(1000)
    .describe("Times that a message is received before it counts as dead")
    .default(5),
  visibility: z
    .int()
    .min(0)
    .max(43_200)
    .describe("Seconds that a received message is hidden from other receivers")
    .default(30),
  delay: z.int().min(0).max(900).describe("Seconds before a message can be received").default(0),
  retention: z.int().min(1).max(14).describe("Days that messages are kept").default(4),
  topics: z
    .array(z.string().startsWith("arn:"))
    .describe("ARNs of the topics to subscribe to, such as ${resources.events.arn}")
    .default([]),
  requests: z
    .number()
    .min(0)
    .describe("Million requests in a month that the estimate of costs assumes")
    .default(1),
});
type Params = z.infer<typeof params>;

/** A queue of SQS with a queue for dead letters. */
export const sqs = driver<Params>({
  type: "sqs",
  name: "sqs",
  title: "A queue in SQS, with another for what was received too often",
  params,
  outputs: {
    url: { description: "URL of the queue", secret: false },
    arn: { description: "ARN of the queue", secret: false },
    name: { description: "Name of the queue", secret: false },
    region: { description: "Region of the queue", secret: false },
    dead_letter_url: { description: "URL of the queue of dead letters", secret: false },
  },
  cloud: "aws",
  stateful: true,
  rotation: "none",
  proof: { kind: "rehearsed" },
  plan(request) {
    const { params: given, environment, dataClass } = request;
    const cloud = awsOf(environment);
    const suffix = given.fifo ? ".fifo" : "";
    const base = cloudName(request, 70);
    const [name, dead] = [`${base}${suffix}`, `${base}-dead${suffix}`];
    const urlOf = (queue: string) =>
      `https://sqs.${cloud.region}.amazonaws.com/${cloud.account}/${queue}`;
    const sensitive = dataClass === "confidential" || dataClass === "restricted";
    const encryption = given.encryption ?? (sensitive ? "kms" : "sqs");
    const args = {
      name,
      arn: arn(cloud, "sqs", name),
      deadLetter: { name: dead, arn: arn(cloud, "sqs", dead) },
      fifo: given.fifo,
      ...(encryption === "kms" && { key: keyOf(dataClass) }),
      maxReceive: given.maxReceive,
      visibility: given.visibility,
      delay: given.delay,
      retention: given.retention * DAY,
      topics: given.topics,
      ownTopics: arn(cloud, "sns", `${request.service}-*-${environment.name}${suffix}`),
    } satisfies QueueSpec;
    return {
      args,
      outputs: {
        url: urlOf(name),
        arn: args.arn,
        name,
        region: cloud.region,
        dead_letter_url: urlOf(dead),
      },
      edges: [apiEdge(request)],
      iam: access(request, args, encryption),
      costs: [
        {
          sku: `sqs.${given.fifo ? "fifo" : "standard"}.requests`,
          quantity: given.requests,
          unit: "million-requests",
          assumed: `requests ${given.requests}`,
        },
      ],
    };
  },
});

const LOOKS = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"];

function access(
  request: DriverRequest<Params>,
  { arn: queue, deadLetter }: QueueSpec,
  encryption: "sqs" | "kms",
): IamStatement[] {
  const { id, params: given } = request;
  const [sends, receives] = [given.access !== "receive", given.access !== "send"];
  return [
    ...(sends
      ? [
          {
            sid: sidOf(request, "Send"),
            actions: [...LOOKS, "sqs:SendMessage"],
            resources: [queue],
            reason: `send messages to ${id}`,
          },
        ]
      : []),
    ...(receives
      ? [
          {
            sid: sidOf(request, "Receive"),
            actions: [
              "sqs:ChangeMessageVisibility",
              "sqs:DeleteMessage",
              ...LOOKS,
              "sqs:ReceiveMessage",
            ],
            resources: [queue, deadLetter.arn],
            reason: `receive messages of ${id}, dead ones too`,
          },
        ]
      : []),
    ...(encryption === "kms"
      ? [usesKey(request, "sqs", ["kms:Decrypt", ...(sends ? ["kms:GenerateDataKey"] : [])])]
      : []),
  ];
}
