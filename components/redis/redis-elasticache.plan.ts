import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import type { Text } from "../../stacks/contract/value.ts";
import { fromSelf, subnetGroups } from "../base/aws.plan.ts";
import {
  type CloudServerSpec,
  MONTH,
  cloudParams,
  cloudServerSpec,
  serves,
} from "../base/cloud-server.plan.ts";
import { type PasswordSource, ownSecret, quantity, serverParams } from "../base/server.plan.ts";
import { OUTPUTS } from "./redis-cluster.plan.ts";

/** What the component is told beside what every server is. */
export interface ElasticacheSpec<T = Text> extends CloudServerSpec<T> {
  readonly engine: "redis" | "valkey";
  /** Major and minor version. */
  readonly version: string;
  /** Subnet group that holds the nodes. */
  readonly subnetGroup: string;
}

const PORT = 6379;
const VERSIONS = { redis: "7.1", valkey: "8.0" } as const;

const params = z.strictObject({
  ...cloudParams("cache"),
  engine: z.enum(["redis", "valkey"]).describe("Server").default("redis"),
  version: z
    .string()
    .regex(/^([7-9]|\d\d)\.\d+$/, "expected a version from 7.0 on, such as 7.1")
    .describe("Version of the server; default 7.1 of Redis, 8.0 of Valkey")
    .optional(),
  storage: quantity.describe("Without effect: data is in memory, and in snapshots").optional(),
  rotation: serverParams.rotation.describe(
    "Raise it to change the password; the one before stays valid until the next time",
  ),
});

/** Redis of ElastiCache: one node, or two with failover. */
export const redisElasticache = driver<z.infer<typeof params>>({
  type: "redis",
  name: "redis-elasticache",
  title: "Redis of ElastiCache, reached with TLS, with a snapshot a day",
  params,
  outputs: OUTPUTS,
  cloud: "aws",
  stateful: true,
  rotation: "server",
  proof: { kind: "rehearsed" },
  plan(request) {
    const { environment, params: given, identity } = request;
    const { engine, rotation } = given;
    const args = {
      ...cloudServerSpec(request, "elasticache", 40),
      engine,
      version: given.version ?? VERSIONS[engine],
      subnetGroup: subnetGroups(environment.name).elasticache,
      identity,
      rotation,
    } satisfies ElasticacheSpec & PasswordSource;
    return {
      args,
      outputs: {
        host: fromSelf(request, "host"),
        port: PORT,
        username: "default",
        password: ownSecret(request),
      },
      ...serves(PORT),
      revision: String(rotation),
      costs: [
        {
          sku: `elasticache.${engine}.${args.nodeClass}`,
          quantity: MONTH * (args.ha ? 2 : 1),
          unit: "hour",
        },
      ],
    };
  },
});
