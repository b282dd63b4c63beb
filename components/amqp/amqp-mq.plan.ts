import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import type { Text } from "../../stacks/contract/value.ts";
import { fromPlatform, fromSelf } from "../base/aws.plan.ts";
import {
  type CloudServerSpec,
  MONTH,
  cloudParams,
  cloudServerSpec,
  gibibytes,
  refusedRotation,
  serves,
} from "../base/cloud-server.plan.ts";
import { type PasswordSource, ownSecret, quantity } from "../base/server.plan.ts";
import { OUTPUTS } from "./amqp-cluster.plan.ts";

/** What the component is told beside what every server is. */
export interface MqSpec<T = Text> extends Omit<CloudServerSpec<T>, "backups" | "logs" | "protect"> {
  /** Such as `3.13`: Amazon MQ chooses the last part, and moves on by itself. */
  readonly version: string;
  /** Ids of subnets, with commas in between; one node stands in the first, three in all. */
  readonly subnets: T;
  readonly username: string;
}

const PORT = 5671;

const params = z.strictObject({
  ...cloudParams("mq"),
  version: z
    .string()
    .regex(/^\d+\.\d+$/, "expected a version such as 3.13")
    .describe("Version of RabbitMQ; may be raised, never lowered")
    .default("3.13"),
  storage: quantity
    .describe("Messages that the estimate of costs assumes; every disk has 200 GiB")
    .default("1Gi"),
  rotation: refusedRotation("Amazon MQ changes no password of a RabbitMQ broker"),
});

/** RabbitMQ of Amazon MQ: one node, or three in three zones. */
export const amqpMq = driver<z.infer<typeof params>>({
  type: "amqp",
  name: "amqp-mq",
  title: "RabbitMQ of Amazon MQ, reached with TLS",
  params,
  outputs: OUTPUTS,
  cloud: "aws",
  stateful: true,
  rotation: "refused",
  proof: { kind: "rehearsed" },
  plan(request) {
    const { params: given, identity } = request;
    const { backups: _, logs: __, protect: ___, ...server } = cloudServerSpec(request, "mq", 50);
    const args = {
      ...server,
      version: given.version,
      subnets: fromPlatform("databaseSubnets"),
      username: "fairway",
      identity,
      rotation: 1,
    } satisfies MqSpec & PasswordSource;
    const nodes = args.ha ? 3 : 1;
    return {
      args,
      outputs: {
        host: fromSelf(request, "host"),
        port: PORT,
        vhost: "/",
        username: args.username,
        password: ownSecret(request),
      },
      ...serves(PORT),
      costs: [
        { sku: `mq.rabbitmq.${args.nodeClass}`, quantity: MONTH * nodes, unit: "hour" },
        {
          sku: "mq.storage.ebs",
          quantity: gibibytes(given.storage, 1) * nodes,
          unit: "GB-month",
          assumed: `${given.storage} of messages on each node`,
        },
      ],
    };
  },
});
