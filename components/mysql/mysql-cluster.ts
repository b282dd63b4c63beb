import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { parseQuantity } from "../../stacks/contract/quantity.ts";
import { PATHS, Server, type ServerArgs } from "../base/server.ts";
import { hostOf } from "../base/server.plan.ts";
import { DATADIR, READY, ROTATE, SOCKETS, START, configuration } from "./scripts.ts";
import type { MysqlSpec } from "./mysql-cluster.plan.ts";

/** Arguments of a MariaDB server. */
export type MysqlArgs = ServerArgs & MysqlSpec;

/** MariaDB on one volume, with one database and one user. */
export class Mysql extends Server {
  static readonly type = "fairway:mysql:Mysql";

  constructor(name: string, args: MysqlArgs, opts?: ComponentResourceOptions) {
    const ready = ["/bin/sh", `${PATHS.config}/ready.sh`];
    super(
      Mysql.type,
      name,
      args,
      {
        user: 999,
        ports: { mysql: 3306 },
        command: ["/bin/sh", `${PATHS.config}/start.sh`],
        env: { DATADIR, FAIRWAY_USER: args.username, FAIRWAY_DATABASE: args.database },
        config: {
          "start.sh": START,
          "rotate.sh": ROTATE,
          "ready.sh": READY,
          "server.cnf": configuration(parseQuantity(args.limits.memory) ?? 0),
        },
        secrets: { password: args.password },
        scratch: [SOCKETS],
        startupProbe: { exec: { command: ready }, periodSeconds: 2, failureThreshold: 150 },
        readinessProbe: { exec: { command: ready }, periodSeconds: 5, timeoutSeconds: 3 },
        livenessProbe: {
          exec: { command: ready },
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: 6,
        },
        rotate: {
          command: ["/bin/sh", `${PATHS.config}/rotate.sh`],
          env: {
            FAIRWAY_HOST: hostOf(args.name, args.namespace),
            FAIRWAY_USER: args.username,
          },
        },
      },
      opts,
    );
    this.registerOutputs({ password: this.password });
  }
}
