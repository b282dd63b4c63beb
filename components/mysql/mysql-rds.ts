import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Rds, type RdsArgs } from "../base/rds.ts";

/** Arguments of MysqlRds. */
export type MysqlRdsArgs = RdsArgs & { readonly engine: "mysql" | "mariadb" };

/** MySQL or MariaDB of RDS. Example: `examples/mysql-rds.ts`. */
export class MysqlRds extends Rds {
  static readonly type = "fairway:mysql:MysqlRds";

  constructor(name: string, args: MysqlRdsArgs, opts?: ComponentResourceOptions) {
    super(MysqlRds.type, name, args, opts);
  }
}
