import { driver } from "../../stacks/contract/driver.ts";
import type { ServerParams } from "../base/server.plan.ts";
import { INSTANCE_OUTPUTS, params, planPostgres } from "./postgres-cluster.plan.ts";

/** PostgreSQL in the cluster for a service that makes its databases itself. */
export const postgresInstanceCluster = driver<ServerParams>({
  type: "postgres-instance",
  name: "postgres-instance-cluster",
  title: "PostgreSQL 15 in the cluster, with a role that creates databases and roles",
  params,
  outputs: INSTANCE_OUTPUTS,
  stateful: true,
  rotation: "server",
  proof: { kind: "real-server", test: "components/postgres/postgres-cluster.it.test.ts" },
  plan: (request) => planPostgres(request),
});
