import { type ComponentResourceOptions, type Input, output } from "@pulumi/pulumi";
import { PATHS, Server, type ServerArgs } from "../base/server.ts";
import { hostOf } from "../base/server.plan.ts";
import { CONFIGURATIONS, HOME, LOGS, ROTATE, START, definitions } from "./scripts.ts";
import type { AmqpSpec } from "./amqp-cluster.plan.ts";

/** Arguments of a RabbitMQ server. */
export interface AmqpArgs extends ServerArgs, AmqpSpec {
  /** Shared by the node and its tools: letters and digits. */
  readonly cookie: Input<string>;
}

/** RabbitMQ on one volume, with one virtual host and one user. */
export class Amqp extends Server {
  static readonly type = "fairway:amqp:Amqp";

  constructor(name: string, args: AmqpArgs, opts?: ComponentResourceOptions) {
    const host = hostOf(args.name, args.namespace);
    const node = `rabbit@${host}`;
    const port = { port: 5672 };
    super(
      Amqp.type,
      name,
      args,
      {
        user: 999,
        ports: { amqp: 5672, epmd: 4369, control: 25672 },
        command: ["/bin/sh", `${PATHS.config}/start.sh`],
        env: {
          HOME,
          RABBITMQ_NODENAME: node,
          RABBITMQ_USE_LONGNAME: "true",
          RABBITMQ_CONFIG_FILE: `${PATHS.config}/rabbitmq.conf`,
          RABBITMQ_ENABLED_PLUGINS_FILE: `${PATHS.config}/enabled_plugins`,
          RABBITMQ_MNESIA_BASE: `${HOME}/mnesia`,
          RABBITMQ_GENERATED_CONFIG_DIR: `${HOME}/config`,
          RABBITMQ_LOGS: "-",
          // Only upgrades and crashes are written there.
          RABBITMQ_LOG_BASE: LOGS,
        },
        config: {
          "start.sh": START,
          "rotate.sh": ROTATE,
          ...CONFIGURATIONS,
          enabled_plugins: "[].\n",
        },
        secrets: {
          cookie: args.cookie,
          "definitions.json": output(args.password).apply((password) =>
            definitions(args.username, args.vhost, password),
          ),
        },
        // The first start is two.
        startupProbe: { tcpSocket: port, periodSeconds: 2, failureThreshold: 300 },
        readinessProbe: { tcpSocket: port, periodSeconds: 5, timeoutSeconds: 3 },
        // Every call starts an Erlang node of its own, so it is asked seldom.
        livenessProbe: {
          exec: {
            command: ["rabbitmq-diagnostics", "--quiet", "--longnames", "--node", node, "ping"],
          },
          periodSeconds: 60,
          timeoutSeconds: 30,
          failureThreshold: 3,
        },
        ownNames: [host],
        rotate: {
          command: ["/bin/sh", `${PATHS.config}/rotate.sh`],
          env: { HOME: "/tmp/home", RABBITMQ_NODENAME: node, FAIRWAY_USER: args.username },
          secrets: { cookie: args.cookie },
        },
      },
      opts,
    );
    this.registerOutputs({ password: this.password });
  }
}
