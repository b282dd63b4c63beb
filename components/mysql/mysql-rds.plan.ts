import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { type RdsParams, databaseName, planRds, rdsParams } from "../base/rds.plan.ts";
import { OUTPUTS } from "./mysql-cluster.plan.ts";

type Params = Omit<RdsParams, "version"> & {
  readonly engine: "mysql" | "mariadb";
  readonly version?: string | undefined;
};

const VERSIONS = { mysql: "8.4", mariadb: "11.4" } as const;

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
      .describe(
        "Version of the server; may be raised, never lowered; default 8.4 of MySQL, 11.4 of MariaDB",
      )
      .optional(),
  }),
  outputs: OUTPUTS,
  cloud: "aws",
  stateful: true,
  rotation: "refused",
  proof: { kind: "rehearsed" },
  plan(request) {
    const { engine, version = VERSIONS[engine] } = request.params;
    const params = { ...request.params, version };
    return planRds({ ...request, params }, engine, databaseName(request.service));
  },
});
