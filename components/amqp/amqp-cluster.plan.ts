import { z } from "zod";
import { type OutputFace, driver } from "../../stacks/contract/driver.ts";
import {
  type ServerParams,
  type ServerSpec,
  type Sizes,
  hostOf,
  ownSecret,
  serverAnswer,
  serverParams,
  serverSpec,
} from "../base/server.plan.ts";
import { IMAGES } from "../images.ts";

/** What the component is told beside what every server is. */
export interface AmqpSpec extends ServerSpec {
  readonly username: string;
  readonly vhost: string;
}

const PORT = 5672;
/** Erlang's port mapper and the distribution port, which the Job that changes the password speaks. */
const CONTROL_PORTS = [4369, 25_672];
const SIZES: Sizes = {
  small: { cpu: "200m", memory: "512Mi" },
  medium: { cpu: "500m", memory: "1Gi" },
  large: { cpu: "2", memory: "4Gi" },
};

/** Outputs of every server of AMQP. */
export const OUTPUTS = {
  host: { description: "Host name", secret: false },
  port: { description: "TCP port", secret: false },
  vhost: { description: "Virtual host", secret: false },
  username: { description: "User to log in as", secret: false },
  password: { description: "Password of the user", secret: true },
} as const satisfies Record<string, OutputFace>;

/** AMQP 0-9-1 in the cluster, spoken by RabbitMQ. */
export const amqpCluster = driver<ServerParams>({
  type: "amqp",
  name: "amqp-cluster",
  title: "RabbitMQ 3.10 in the cluster, with a virtual host of its own",
  params: z.strictObject(serverParams),
  outputs: OUTPUTS,
  stateful: true,
  rotation: "server",
  proof: { kind: "real-server", test: "components/amqp/amqp-cluster.it.test.ts" },
  plan(request) {
    const args = {
      ...serverSpec(request, IMAGES.rabbitmq, SIZES),
      username: request.service,
      vhost: request.service,
    } satisfies AmqpSpec;
    return {
      args,
      outputs: {
        host: hostOf(args.name, request.namespace),
        port: PORT,
        vhost: args.vhost,
        username: args.username,
        password: ownSecret(request),
      },
      ...serverAnswer(request, [PORT], CONTROL_PORTS),
    };
  },
});
