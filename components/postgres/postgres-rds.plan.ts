import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { type RdsParams, databaseName, planRds, rdsParams } from "../base/rds.plan.ts";
import { DATABASE_OUTPUTS, INSTANCE_OUTPUTS } from "./postgres-cluster.plan.ts";

/** What both faces say of themselves. */
export const POSTGRES_RDS = {
  params: z.strictObject({
    ...rdsParams,
    version: z
      .string()
      .regex(/^\d+(\.\d+)?$/, "expected a version of PostgreSQL such as 17 or 17.4")
      .describe("Version of PostgreSQL; may be raised, never lowered")
      .default("17"),
  }),
  cloud: "aws",
  stateful: true,
  rotation: "refused",
  proof: { kind: "rehearsed" },
} as const;

/** PostgreSQL of RDS: one server with one database. */
export const postgresRds = driver<RdsParams>({
  ...POSTGRES_RDS,
  type: "postgres",
  name: "postgres-rds",
  title: "PostgreSQL of RDS, with a database of its own",
  outputs: { ...INSTANCE_OUTPUTS, ...DATABASE_OUTPUTS },
  plan: (request) => planRds(request, "postgres", databaseName(request.service)),
});
