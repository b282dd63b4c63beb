import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { type RdsParams, databaseName, planRds, rdsParams } from "../base/rds.plan.ts";
import { OUTPUTS } from "./mysql-cluster.plan.ts";

type Params = RdsParams & { readonly engine: "mysql" | "mariadb" };

/** MySQL or MariaDB of RDS: one server with one database. */
export const mysqlRds = driver<Params>({
  type: "mysql",
  name: "mysql-rds",
  title: "MySQL or MariaDB of RDS, with a database of its own",
  params: z.strictObject({
    ...rdsParams,
    engine: z
      .enum(["mysql", "mariadb"])
      .describe("Server; another one is another database")
      .default("mysql"),
    version: z
      .string()
      .regex(/^\d+\.\d+(\.\d+)?$/, "expected a version such as 8.4 or 8.4.5")
      .describe("Version of the server; may be raised, never lowered. For MariaDB such as 11.4")
      .default("8.4"),
  }),
  outputs: OUTPUTS,
  cloud: "aws",
  stateful: true,
  rotation: "refused",
  proof: { kind: "rehearsed" },
  plan: (request) => planRds(request, request.params.engine, databaseName(request.service)),
});
