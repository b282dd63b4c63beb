import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import { Queue as SqsQueue, type QueueArgs as SqsQueueArgs } from "@pulumi/aws/sqs/queue.js";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy.js";
import { type ComponentResourceOptions, type Input, jsonStringify } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { document, tlsOnly } from "../base/policy.ts";
import type { QueueSpec } from "./sqs.plan.ts";

/** Arguments of a queue. */
export type QueueArgs = QueueSpec<Input<string>> & {
  readonly transforms?: {
    readonly queue?: Transform<SqsQueueArgs>;
    readonly dead?: Transform<SqsQueueArgs>;
  };
};

/** Dead letters wait as long as SQS can keep them. */
const LONGEST = 14 * 86_400;

/** A queue, its queue of dead letters, and its subscriptions to topics. Example: `examples/queue.ts`. */
export class Queue extends FairwayComponent {
  static readonly type = "fairway:sqs:Queue";
  readonly nodes: { readonly queue: SqsQueue; readonly dead: SqsQueue };

  constructor(name: string, args: QueueArgs, opts?: ComponentResourceOptions) {
    super(Queue.type, name, opts);
    const { deadLetter, transforms = {} } = args;
    const common: SqsQueueArgs = {
      ...(args.fifo && { fifoQueue: true }),
      ...(args.key === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: args.key }),
    };
    const dead = this.child(
      "dead",
      SqsQueue,
      {
        ...common,
        name: deadLetter.name,
        messageRetentionSeconds: LONGEST,
        redriveAllowPolicy: jsonStringify({
          redrivePermission: "byQueue",
          sourceQueueArns: [args.arn],
        }),
      },
      transforms.dead,
    );
    const queue = this.child(
      "queue",
      SqsQueue,
      {
        ...common,
        name: args.name,
        visibilityTimeoutSeconds: args.visibility,
        delaySeconds: args.delay,
        messageRetentionSeconds: args.retention,
        receiveWaitTimeSeconds: 20,
        redrivePolicy: jsonStringify({
          deadLetterTargetArn: deadLetter.arn,
          maxReceiveCount: args.maxReceive,
        }),
      },
      transforms.queue,
      { dependsOn: [dead] },
    );
    this.child("dead-policy", QueuePolicy, {
      queueUrl: dead.url,
      policy: document([tlsOnly("sqs:*", [deadLetter.arn])]),
    });
    const policy = this.child("policy", QueuePolicy, {
      queueUrl: queue.url,
      policy: document([tlsOnly("sqs:*", [args.arn]), fromTopics(args)]),
    });
    args.topics.forEach((topic, index) =>
      this.child(
        `topic-${index + 1}`,
        TopicSubscription,
        { topic, protocol: "sqs", endpoint: args.arn, rawMessageDelivery: true },
        undefined,
        { dependsOn: [policy] },
      ),
    );
    this.nodes = { queue, dead };
    this.registerOutputs({ url: queue.url, deadLetterUrl: dead.url });
  }
}

/** Topics of the service itself may deliver, and those that the queue subscribes to. */
const fromTopics = ({ arn, topics, ownTopics }: QueueArgs): object => ({
  Sid: "FromTopics",
  Effect: "Allow",
  Principal: { Service: "sns.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: arn,
  Condition: { ArnLike: { "aws:SourceArn": [ownTopics, ...topics] } },
});
