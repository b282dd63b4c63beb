import { expect, test } from "vitest";
import { testEnvironment } from "../plan/testing.ts";
import { environmentSchema } from "../contract/environment.ts";
import { shapeOf } from "./nodes.ts";
import { PRICES, findPrice } from "./prices.ts";
import { planEstimated } from "./testing.ts";
import { estimate } from "./estimate.ts";

const regions = Object.keys(PRICES.prices);
const aws = (region: string) =>
  testEnvironment("test", {
    cluster: { eks: "company-test" },
    cloud: { provider: "aws", region, account: "123456789012" },
  });

test("the table has the same SKUs and units in each of its regions, each with a known source", () => {
  expect(regions).toEqual(["eu-central-1", "us-east-1"]);
  const [first, second] = regions.map((region) =>
    Object.entries(PRICES.prices[region]!).map(([sku, { unit }]) => `${sku} ${unit}`),
  );
  expect(first).toEqual(second);
  for (const region of regions)
    for (const { source } of Object.values(PRICES.prices[region]!))
      expect(Object.keys(PRICES.sources)).toContain(source);
});

test.each(regions)("two zones cost twice one in %s", (region) => {
  const prices = PRICES.prices[region]!;
  const single = Object.keys(prices).filter((sku) => sku.endsWith(".single-az"));
  expect(single.length).toBeGreaterThan(40);
  expect(single.map((sku) => prices[sku.replace(/single-az$/, "multi-az")]!.usd)).toEqual(
    single.map((sku) => Number((prices[sku]!.usd * 2).toFixed(4))),
  );
});

test.each(regions)("whatever sizes the schema names have prices in %s", (region) => {
  const { cloud } = aws(region);
  if (cloud.provider !== "aws") throw new Error("no cloud");
  const { rds, elasticache, docdb, msk, mq } = cloud.sizes;
  const skus = [
    ...Object.values(rds).flatMap((size) =>
      ["postgres", "mysql", "mariadb"].flatMap((engine) =>
        ["single-az", "multi-az"].map((zones) => `rds.${engine}.${size}.${zones}`),
      ),
    ),
    ...Object.values(elasticache).flatMap((size) => [
      `elasticache.redis.${size}`,
      `elasticache.valkey.${size}`,
    ]),
    ...Object.values(docdb).map((size) => `docdb.instance.${size}`),
    ...Object.values(msk).map((size) => `msk.broker.${size}`),
    ...Object.values(mq).map((size) => `mq.rabbitmq.${size}`),
  ];
  for (const sku of skus)
    expect([sku, findPrice({ sku, unit: "hour" }, aws(region))]).toEqual([
      sku,
      { price: expect.objectContaining({ region, date: PRICES.date }) },
    ]);
});

test.each(regions)("the platform that an environment gets by default is priced in %s", (region) => {
  const environment = aws(region);
  const cost = estimate(planEstimated([], environment), environment);
  expect(cost.missing).toEqual([]);
  expect(cost.stacks.map(({ name }) => name)).toEqual(["cloud", "platform"]);
  expect(cost.usd).toBeGreaterThan(300);
});

test("instance types are what AWS says they are", () => {
  expect(["m7g.large", "r7g.2xlarge", "c7g.medium", "t4g.medium", "t3.large"].map(shapeOf)).toEqual(
    [
      [2, 8],
      [8, 64],
      [1, 2],
      [2, 4],
      [2, 8],
    ],
  );
  expect(["p5.48xlarge", "m7g", "m7g.huge"].map(shapeOf)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("an environment's own price is checked as it is read", () => {
  const document = (price: object) =>
    environmentSchema.safeParse({
      apiVersion: "platform.company.com/v1",
      kind: "Environment",
      metadata: { name: "x" },
      spec: {
        cluster: { embedded: true },
        domain: "x.test",
        registry: "r",
        registries: ["*"],
        resources: [],
        costs: { prices: price },
      },
    }).success;
  expect(document({ "cluster.vcpu": { usd: 0.02, unit: "hour", date: "2026-01-31" } })).toBe(true);
  expect(document({ "cluster.vcpu": { usd: -1, unit: "hour" } })).toBe(false);
  expect(document({ "cluster.vcpu": { usd: 1, unit: "day" } })).toBe(false);
  expect(document({ "cluster.vcpu": { usd: 1, unit: "hour", date: "soon" } })).toBe(false);
  expect(document({ "Cluster vcpu": { usd: 1, unit: "hour" } })).toBe(false);
});
