import { Topic as SnsTopic, type TopicArgs as SnsTopicArgs } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { document, tlsOnly } from "../base/policy.ts";
import type { TopicSpec } from "./sns.plan.ts";

/** Arguments of a topic. */
export type TopicArgs = TopicSpec<Input<string>> & {
  readonly transforms?: { readonly topic?: Transform<SnsTopicArgs> };
};

/** A topic, encrypted, reached over TLS only, and its subscriptions. Example: `examples/topic.ts`. */
export class Topic extends FairwayComponent {
  static readonly type = "fairway:sns:Topic";
  readonly nodes: { readonly topic: SnsTopic };

  constructor(name: string, args: TopicArgs, opts?: ComponentResourceOptions) {
    super(Topic.type, name, opts);
    const topic = this.child(
      "topic",
      SnsTopic,
      {
        name: args.name,
        kmsMasterKeyId: args.key,
        signatureVersion: 2,
        ...(args.fifo && { fifoTopic: true }),
      },
      args.transforms?.topic,
    );
    this.child("policy", TopicPolicy, {
      arn: topic.arn,
      policy: document([tlsOnly("sns:Publish", [args.arn])]),
    });
    args.subscriptions.forEach(({ protocol, endpoint, raw, filter }, index) =>
      this.child(`subscription-${index + 1}`, TopicSubscription, {
        topic: topic.arn,
        protocol,
        endpoint,
        rawMessageDelivery: raw,
        ...(filter && { filterPolicy: JSON.stringify(filter) }),
      }),
    );
    this.nodes = { topic };
    this.registerOutputs({ arn: topic.arn });
  }
}
