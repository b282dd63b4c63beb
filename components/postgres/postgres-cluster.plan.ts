import { z } from "zod";
import { type DriverRequest, type OutputFace, driver } from "../../stacks/contract/driver.ts";
import {
  type ServerParams,
  type ServerSpec,
  hostOf,
  ownSecret,
  serverAnswer,
  serverParams,
  serverSpec,
  sqlName,
} from "../base/server.plan.ts";
import { IMAGES } from "../images.ts";

/** What the component is told beside what every server is. */
export interface PostgresSpec extends ServerSpec {
  /** Role that clients log in as: never a superuser. */
  readonly username: string;
  /** Database that the role owns; absent: the role may create databases and roles of its own. */
  readonly database?: string;
}

const PORT = 5432;

/** Outputs of both faces of a PostgreSQL server. */
export const INSTANCE_OUTPUTS = {
  host: { description: "Host name", secret: false },
  port: { description: "TCP port", secret: false },
  username: { description: "Role to log in as", secret: false },
  password: { description: "Password of the role", secret: true },
} as const satisfies Record<string, OutputFace>;

/** Further outputs of a server that has a database. */
export const DATABASE_OUTPUTS = {
  name: { description: "Name of the database", secret: false },
  database: { description: "Name of the database", secret: false },
} as const satisfies Record<string, OutputFace>;

/** Checked params of both faces. */
export const params = z.strictObject(serverParams);

/** Plan of a PostgreSQL server, with a database or for many. */
export function planPostgres(request: DriverRequest<ServerParams>, database?: string) {
  const username = sqlName(request.service);
  const args = {
    ...serverSpec(request, IMAGES.postgres),
    username,
    ...(database !== undefined && { database }),
  } satisfies PostgresSpec;
  return {
    args,
    outputs: {
      host: hostOf(args.name, request.namespace),
      port: PORT,
      ...(database !== undefined && { name: database, database }),
      username,
      password: ownSecret(request),
    },
    ...serverAnswer(request, [PORT]),
  };
}

/** PostgreSQL in the cluster: one server with one database. */
export const postgresCluster = driver<ServerParams>({
  type: "postgres",
  name: "postgres-cluster",
  title: "PostgreSQL 15 in the cluster, with a database of its own",
  params,
  outputs: { ...INSTANCE_OUTPUTS, ...DATABASE_OUTPUTS },
  stateful: true,
  rotation: "server",
  proof: { kind: "real-server", test: "components/postgres/postgres-cluster.it.test.ts" },
  plan: (request) => planPostgres(request, sqlName(request.service)),
});
