import type { Environment } from "../contract/environment.ts";
import type { Plan } from "../contract/plan.ts";
import { FairwayError } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";
import type { Workspace } from "../contract/workspace.ts";
import { testEnvironment } from "../plan/testing.ts";
import { planWorkspace } from "../plan/workspace.ts";
import type { PriceTable } from "./prices.ts";

/** Round prices, so that sums are seen at once. */
export const TABLE: PriceTable = {
  date: "2025-01-31",
  sources: { list: "a list" },
  prices: {
    "eu-central-1": Object.fromEntries(
      (
        [
          ["rds.postgres.db.t4g.small.multi-az", 0.1, "hour"],
          ["rds.storage.gp3.multi-az", 0.25, "GB-month"],
          ["secretsmanager.secret", 0.4, "month"],
          ["elasticache.valkey.cache.t4g.small", 0.03, "hour"],
          ["elasticache.redis.cache.t4g.small", 0.04, "hour"],
          ["s3.standard.storage", 0.02, "GB-month"],
          ["s3.standard.get", 0.5, "million-requests"],
          ["s3.standard.put", 5, "million-requests"],
          ["ebs.gp3.storage", 0.1, "GB-month"],
          ["ec2.m7g.large", 0.08, "hour"],
          ["eks.cluster", 0.1, "hour"],
        ] as const
      ).map(([sku, usd, unit]) => [sku, { usd, unit, source: "list" }]),
    ),
  },
};

/** An account with every kind of driver, and prices of pods. */
export const AWS = {
  cluster: { eks: "company-test" },
  cloud: { provider: "aws", region: "eu-central-1", account: "123456789012" },
  costs: {
    prices: {
      "cluster.vcpu": { usd: 0.02, unit: "hour" },
      "cluster.memory": { usd: 0.01, unit: "hour" },
    },
  },
  resources: [
    { type: "postgres", class: "in-cluster", driver: "postgres-cluster" },
    { type: "postgres", driver: "postgres-rds" },
    { type: "redis", driver: "redis-elasticache" },
    { type: "s3", driver: "s3-aws", params: { keys: false } },
    { type: "amqp", driver: "amqp-mq" },
    { type: "volume", driver: "volume-cluster" },
  ],
};
/** The environment of AWS, and what a test says over it. */
export const aws = (over: object = {}): Environment => testEnvironment("test", { ...AWS, ...over });
/** A resource that a service uses. */
export const use = (type: string, params: object = {}, more: object = {}) =>
  ({ type, class: "default", params, ...more }) as unknown as Service["uses"][string];

/** A workspace of one environment that was read from no files. */
function workspaceOf(services: readonly Service[], environment: Environment): Workspace {
  const loaded = services.map((service) => {
    const { name, folder, file } = service;
    return [name, { name, folder, file, in: { [environment.name]: service } }] as const;
  });
  return {
    root: "/nowhere",
    services: Object.fromEntries(loaded),
    environments: { [environment.name]: environment },
    positions: { at: () => undefined },
    problems: [],
    notes: [],
  };
}

/** Plans of services, of what they share, and of the platform. */
export function planEstimated(
  services: readonly Service[],
  environment: Environment,
): readonly Plan[] {
  const workspace = workspaceOf(services, environment);
  const { plans, problems } = planWorkspace(workspace, { environments: [environment.name] });
  if (problems.length > 0) throw new FairwayError(problems);
  return plans;
}
