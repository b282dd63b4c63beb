import { z } from "zod";
import type { CostItem } from "../../stacks/contract/cost.ts";
import type { DriverAnswer, DriverRequest } from "../../stacks/contract/driver.ts";
import type { Text } from "../../stacks/contract/value.ts";
import { awsOf, fromSelf, heldSecret, readsSecret, subnetGroups } from "./aws.plan.ts";
import {
  type CloudParams,
  type CloudServerSpec,
  MONTH,
  cloudParams,
  cloudServerSpec,
  diskParam,
  gibibytes,
  refusedRotation,
  serves,
} from "./cloud-server.plan.ts";
import { RESERVED_WORDS } from "./reserved-words.plan.ts";
import { sqlName } from "./server.plan.ts";

/** Engines of RDS that are used here. */
export type RdsEngine = "postgres" | "mysql" | "mariadb";

/** What differs between engines. */
interface EngineFacts {
  readonly port: number;
  /** Parts of the version that name the family of parameters. */
  readonly major: 1 | 2;
  /** Kinds of logs that go to CloudWatch. */
  readonly logs: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
}

const MYSQL: EngineFacts = {
  port: 3306,
  major: 2,
  logs: ["error", "slowquery"],
  parameters: {
    require_secure_transport: "1",
    slow_query_log: "1",
    long_query_time: "2",
    log_output: "FILE",
  },
};

/** Facts of each engine; the parameters force TLS. */
export const ENGINES: Readonly<Record<RdsEngine, EngineFacts>> = {
  postgres: {
    port: 5432,
    major: 1,
    logs: ["postgresql", "upgrade"],
    parameters: { "rds.force_ssl": "1" },
  },
  mysql: MYSQL,
  mariadb: MYSQL,
};

/** Role that RDS makes: always the same, since it cannot be changed later and belongs to one server only. */
const USERNAME = "fairway";

/** What the component is told beside what every server is. */
export interface RdsSpec<T = Text> extends CloudServerSpec<T> {
  readonly engine: RdsEngine;
  /** Such as `17` or `17.4`; without the last part RDS chooses, and moves on by itself. */
  readonly version: string;
  /** Allows a change of the version that is not compatible. */
  readonly majorUpgrade: boolean;
  /** Subnet group that holds the server. */
  readonly subnetGroup: string;
  /** GiB. */
  readonly storage: number;
  /** GiB that the disk may grow to by itself; absent: it does not. */
  readonly maxStorage?: number;
  readonly username: string;
  /** Database to make; absent: none. */
  readonly database?: string;
  /** ARN of the policy that bounds the role which sends measurements; absent: none. */
  readonly permissionsBoundary?: string;
}

/** Params of every driver of RDS. */
export const rdsParams = {
  ...cloudParams("db"),
  storage: diskParam.default("20Gi"),
  maxStorage: diskParam.describe("Size that the disk may grow to by itself").optional(),
  majorUpgrade: z
    .boolean()
    .describe("Allow a change of `version` to the next major one")
    .default(false),
  rotation: refusedRotation("RDS makes this password and changes it once a year by itself"),
};

/** Checked params of every driver of RDS. */
export type RdsParams = CloudParams & {
  readonly storage: string;
  readonly maxStorage?: string | undefined;
  readonly majorUpgrade: boolean;
  readonly version: string;
};

/** Plan of a server of RDS, with a database or for many. Its password never leaves AWS. */
export function planRds(
  request: DriverRequest<RdsParams>,
  engine: RdsEngine,
  database?: string,
): DriverAnswer {
  const { environment, params } = request;
  const { permissionsBoundary } = awsOf(environment);
  const { port } = ENGINES[engine];
  const storage = gibibytes(params.storage, 20);
  const maxStorage = gibibytes(params.maxStorage ?? params.storage, 20);
  const args = {
    ...cloudServerSpec(request, "rds", 63),
    engine,
    version: params.version,
    majorUpgrade: params.majorUpgrade,
    subnetGroup: subnetGroups(environment.name).rds,
    storage,
    ...(maxStorage > storage && { maxStorage }),
    username: USERNAME,
    ...(database !== undefined && { database }),
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
  } satisfies RdsSpec;
  return {
    args,
    outputs: {
      host: fromSelf(request, "host"),
      port,
      ...(database !== undefined && { name: database, database }),
      username: args.username,
      password: heldSecret(request),
    },
    ...serves(port),
    iam: readsSecret(request),
    costs: rdsCosts(args),
  };
}

/** Name of the database of a service: as in the cluster, but for words that RDS refuses. */
export function databaseName(service: string): string {
  const name = sqlName(service);
  return RESERVED_WORDS.has(name) ? `${name}_db` : name;
}

function rdsCosts({ engine, nodeClass, ha, storage }: RdsSpec): CostItem[] {
  const zones = ha ? "multi-az" : "single-az";
  return [
    { sku: `rds.${engine}.${nodeClass}.${zones}`, quantity: MONTH, unit: "hour" },
    { sku: `rds.storage.gp3.${zones}`, quantity: storage, unit: "GB-month" },
    { sku: "secretsmanager.secret", quantity: 1, unit: "month" },
  ];
}
