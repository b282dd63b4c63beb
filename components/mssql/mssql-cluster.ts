import { type ComponentResourceOptions, type Input, interpolate } from "@pulumi/pulumi";
import { parseQuantity } from "../../stacks/contract/quantity.ts";
import { PATHS, Server, type ServerArgs } from "../base/server.ts";
import { HOME, READY, START } from "./scripts.ts";
import { type MssqlSpec, PASSWORD_PREFIX } from "./mssql-cluster.plan.ts";

/** Arguments of a SQL Server; `administrator` is the password of `sa`, which is never changed. */
export type MssqlArgs = ServerArgs & MssqlSpec & { readonly administrator: Input<string> };

/** Microsoft SQL Server on one volume, with one database and one login. The login's password is set at each start. */
export class Mssql extends Server {
  static readonly type = "fairway:mssql:Mssql";

  constructor(name: string, args: MssqlArgs, opts?: ComponentResourceOptions) {
    const ready = ["/bin/sh", `${PATHS.config}/ready.sh`];
    const megabytes = Math.floor(((parseQuantity(args.limits.memory) ?? 0) * 0.8) / 2 ** 20);
    super(
      Mssql.type,
      name,
      args,
      {
        user: 10001,
        ports: { mssql: 1433 },
        dataPath: HOME,
        command: ["/bin/sh", `${PATHS.config}/start.sh`],
        env: {
          ACCEPT_EULA: "Y",
          MSSQL_PID: args.edition,
          MSSQL_MEMORY_LIMIT_MB: String(megabytes),
          MSSQL_TELEMETRY_ENABLED: "FALSE",
          FAIRWAY_USER: args.username,
          FAIRWAY_DATABASE: args.database,
        },
        config: { "start.sh": START, "ready.sh": READY },
        secrets: {
          password: interpolate`${PASSWORD_PREFIX}${args.password}`,
          administrator: interpolate`${PASSWORD_PREFIX}${args.administrator}`,
        },
        startupProbe: { exec: { command: ready }, periodSeconds: 5, failureThreshold: 60 },
        readinessProbe: { exec: { command: ready }, periodSeconds: 10, timeoutSeconds: 5 },
        livenessProbe: {
          exec: { command: ready },
          periodSeconds: 20,
          timeoutSeconds: 10,
          failureThreshold: 6,
        },
      },
      opts,
    );
    this.registerOutputs({ password: this.password });
  }
}
