import { z } from "zod";
import { type OutputFace, driver } from "../../stacks/contract/driver.ts";
import {
  type ServerParams,
  hostOf,
  ownSecret,
  serverAnswer,
  serverParams,
  serverSpec,
} from "../base/server.plan.ts";
import { IMAGES } from "../images.ts";

const PORT = 6379;

/** Outputs of every server of Redis's protocol. */
export const OUTPUTS = {
  host: { description: "Host name", secret: false },
  port: { description: "TCP port", secret: false },
  username: { description: "User to log in as", secret: false },
  password: { description: "Password of the user", secret: true },
} as const satisfies Record<string, OutputFace>;

/** Redis in the cluster, written to disk once a second. */
export const redisCluster = driver<ServerParams>({
  type: "redis",
  name: "redis-cluster",
  title: "Redis 7.0 in the cluster, append-only file on a volume",
  params: z.strictObject(serverParams),
  outputs: OUTPUTS,
  stateful: true,
  rotation: "server",
  proof: { kind: "real-server", test: "components/redis/redis-cluster.it.test.ts" },
  plan(request) {
    const args = serverSpec(request, IMAGES.redis);
    return {
      args: { ...args },
      outputs: {
        host: hostOf(args.name, request.namespace),
        port: PORT,
        username: "default",
        password: ownSecret(request),
      },
      ...serverAnswer(request, [PORT], []),
    };
  },
});
