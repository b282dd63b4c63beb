import { driver } from "../../stacks/contract/driver.ts";
import { type RdsParams, planRds } from "../base/rds.plan.ts";
import { INSTANCE_OUTPUTS } from "./postgres-cluster.plan.ts";
import { POSTGRES_RDS } from "./postgres-rds.plan.ts";

/** PostgreSQL of RDS for a service that makes its databases itself. */
export const postgresInstanceRds = driver<RdsParams>({
  ...POSTGRES_RDS,
  type: "postgres-instance",
  name: "postgres-instance-rds",
  title: "PostgreSQL of RDS, with a role that creates databases and roles",
  outputs: INSTANCE_OUTPUTS,
  plan: (request) => planRds(request, "postgres"),
});
