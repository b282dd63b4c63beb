import { type ComponentResourceOptions, type Input, output } from "@pulumi/pulumi";
import { parseQuantity } from "../../stacks/contract/quantity.ts";
import { PATHS, Server, type ServerArgs } from "../base/server.ts";

/** Arguments of a Redis server. */
export type RedisArgs = ServerArgs;

/** Redis on one volume. It reads its password when it starts: raising `rotation` restarts it. */
export class Redis extends Server {
  static readonly type = "fairway:redis:Redis";

  constructor(name: string, args: RedisArgs, opts?: ComponentResourceOptions) {
    const ready = ["/bin/sh", `${PATHS.config}/ready.sh`];
    super(
      Redis.type,
      name,
      args,
      {
        user: 999,
        ports: { redis: 6379 },
        command: ["redis-server", `${PATHS.config}/redis.conf`],
        config: {
          "redis.conf": configuration(parseQuantity(args.limits.memory) ?? 0),
          "ready.sh": READY,
        },
        secrets: { password: args.password, "auth.conf": authentication(args.password) },
        startupProbe: { exec: { command: ready }, periodSeconds: 2, failureThreshold: 150 },
        readinessProbe: { exec: { command: ready }, periodSeconds: 5, timeoutSeconds: 3 },
        livenessProbe: {
          exec: { command: ready },
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: 6,
        },
      },
      opts,
    );
    this.registerOutputs({ password: this.password });
  }
}

/** Ready is who answers a logged-in client: redis-cli ends with 0 even when it was refused. */
const READY = `#!/bin/sh
set -eu
REDISCLI_AUTH="$(cat ${PATHS.secrets}/password)"
export REDISCLI_AUTH
[ "$(redis-cli -h 127.0.0.1 -p 6379 ping)" = PONG ]
`;

/** A quarter of the memory is left for buffers and for the copy while the file is rewritten. */
const configuration = (memory: number): string => `bind * -::*
port 6379
protected-mode yes
dir ${PATHS.data}
appendonly yes
appendfsync everysec
maxmemory ${Math.floor((memory * 3) / 4)}
maxmemory-policy noeviction
include ${PATHS.secrets}/auth.conf
`;

const authentication = (password: Input<string>) =>
  output(password).apply(
    (text) => `requirepass "${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"\n`,
  );
