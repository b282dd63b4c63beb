import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Rds, type RdsArgs } from "../base/rds.ts";

/** Arguments of PostgresRds. */
export type PostgresRdsArgs = Omit<RdsArgs, "engine">;

/** PostgreSQL of RDS. Example: `examples/postgres-rds.ts`. */
export class PostgresRds extends Rds {
  static readonly type = "fairway:postgres:PostgresRds";

  constructor(name: string, args: PostgresRdsArgs, opts?: ComponentResourceOptions) {
    super(PostgresRds.type, name, { ...args, engine: "postgres" }, opts);
  }
}
