import { Broker, type BrokerArgs } from "@pulumi/aws/mq/broker.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { output, secret } from "@pulumi/pulumi";
import { CloudServer, type CloudServerTransforms } from "../base/cloud-server.ts";
import type { Transform } from "../base/component.ts";
import type { MqSpec } from "./amqp-mq.plan.ts";

/** Arguments of Mq. */
export type MqArgs = MqSpec<Input<string>> & {
  /** 12 to 250 letters and digits. */
  readonly password: Input<string>;
  readonly transforms?: Pick<CloudServerTransforms, "securityGroup"> & {
    readonly broker?: Transform<BrokerArgs>;
  };
};

/**
 * RabbitMQ of Amazon MQ in private subnets: encrypted, reached with TLS and a password only, logs in CloudWatch.
 * Example: `examples/amqp-mq.ts`.
 */
export class Mq extends CloudServer {
  static readonly type = "fairway:amqp:Mq";
  readonly host: Output<string>;
  readonly securityGroupId: Output<string>;
  readonly password: Output<string>;
  /** The raw server. */
  readonly broker: Broker;

  constructor(name: string, args: MqArgs, opts?: ComponentResourceOptions) {
    super(Mq.type, name, opts);
    const wall = this.wall(args, args.transforms?.securityGroup);
    this.broker = this.child(
      "broker",
      Broker,
      { ...brokerArgs(args), securityGroups: [wall.id] },
      args.transforms?.broker,
      // Its name is taken while it stands.
      { deleteBeforeReplace: true },
    );
    this.host = this.broker.instances.apply(([node]) => hostOf(node?.endpoints[0] ?? ""));
    this.securityGroupId = wall.id;
    this.password = secret(output(args.password));
    this.registerOutputs({ host: this.host });
  }
}

/** Host of `amqps://<host>:<port>`. */
const hostOf = (endpoint: string): string => /^\w+:\/\/([^:/]+)/.exec(endpoint)?.[1] ?? "";

const brokerArgs = (args: MqArgs): BrokerArgs => ({
  brokerName: args.name,
  engineType: "RABBITMQ",
  engineVersion: args.version,
  autoMinorVersionUpgrade: true,
  hostInstanceType: args.nodeClass,
  deploymentMode: args.ha ? "CLUSTER_MULTI_AZ" : "SINGLE_INSTANCE",
  publiclyAccessible: false,
  subnetIds: output(args.subnets).apply((ids) => ids.split(",").slice(0, args.ha ? 3 : 1)),
  encryptionOptions: { kmsKeyId: args.key, useAwsOwnedKey: false },
  logs: { general: true },
  users: [{ username: args.username, password: secret(args.password) }],
  applyImmediately: args.applyImmediately,
});
