import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { parseQuantity } from "../../stacks/contract/quantity.ts";
import { PATHS, Server, type ServerArgs } from "../base/server.ts";
import { hostOf } from "../base/server.plan.ts";
import { HBA, PGDATA, ROTATE, SOCKETS, START, configuration } from "./scripts.ts";
import type { PostgresSpec } from "./postgres-cluster.plan.ts";

/** Arguments of a PostgreSQL server. */
export type PostgresArgs = ServerArgs & PostgresSpec;

/** PostgreSQL on one volume, with one role. */
export class Postgres extends Server {
  static readonly type = "fairway:postgres:Postgres";

  constructor(name: string, args: PostgresArgs, opts?: ComponentResourceOptions) {
    const ready = ["pg_isready", "-q", "-h", "127.0.0.1", "-p", "5432"];
    super(
      Postgres.type,
      name,
      args,
      {
        user: 999,
        ports: { postgres: 5432 },
        command: ["/bin/sh", `${PATHS.config}/start.sh`],
        env: {
          PGDATA,
          FAIRWAY_USER: args.username,
          FAIRWAY_DATABASE: args.database ?? "",
          FAIRWAY_RIGHTS:
            args.database === undefined ? "CREATEDB CREATEROLE" : "NOCREATEDB NOCREATEROLE",
        },
        config: {
          "start.sh": START,
          "rotate.sh": ROTATE,
          "postgresql.conf": configuration(parseQuantity(args.limits.memory) ?? 0),
          "pg_hba.conf": HBA,
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
        // SIGTERM would wait until every client has gone.
        stop: ["pg_ctl", "stop", "-D", PGDATA, "-m", "fast"],
        rotate: {
          command: ["/bin/sh", `${PATHS.config}/rotate.sh`],
          env: {
            PGHOST: hostOf(args.name, args.namespace),
            PGPORT: "5432",
            PGUSER: args.username,
            PGDATABASE: args.database ?? "postgres",
            PGCONNECT_TIMEOUT: "5",
          },
        },
      },
      opts,
    );
    this.registerOutputs({ password: this.password });
  }
}
