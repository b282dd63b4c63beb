import { expect, test } from "vitest";
import type { CostComparison, EnvironmentCost } from "../contract/cost.ts";
import { comparisonText, costText, money, signed } from "./cost-text.ts";

const how = { color: false, columns: Infinity, lines: true };
const price = { usd: 0.1, region: "eu-central-1", date: "2025-06-30", source: "a list" };
const cost: EnvironmentCost = {
  environment: "prod",
  region: "eu-central-1",
  stacks: [
    {
      stack: "shop.prod",
      kind: "service",
      name: "shop",
      environment: "prod",
      items: [
        {
          id: "db",
          component: "postgres-rds",
          lines: [
            { sku: "rds.x", quantity: 730, unit: "hour", price, usd: 73 },
            {
              sku: "s3.get",
              quantity: 2.5,
              unit: "million-requests",
              price,
              usd: 0.25,
              assumed: "size small",
            },
            { sku: "mq.y", quantity: 1, unit: "month", missing: "the table has none" },
          ],
          usd: 73.25,
        },
      ],
      usd: 73.25,
      assumed: 0.25,
      missing: ["mq.y"],
    },
  ],
  nodes: -3,
  usd: 1070.25,
  assumed: 0.25,
  missing: ["mq.y"],
};

test("amounts read as money", () => {
  expect([1234.5, -3, 0, -0.001].map(money)).toEqual(["$1,234.50", "-$3.00", "$0.00", "$0.00"]);
  expect([2, -2, 0].map(signed)).toEqual(["+$2.00", "-$2.00", "$0.00"]);
});

test("an estimate shows what is counted, what is assumed, and what has no price", () => {
  expect(costText(cost, how).split("\n")).toEqual([
    "prod (eu-central-1)",
    "  shop.prod                $73.25 + ?  $0.25 of it assumed",
    "    db                     $73.25 + ?  postgres-rds",
    "      rds.x                    $73.00  730 hour × $0.1",
    "      s3.get                    $0.25  2.5 million-requests × $0.1 (assumed: size small)",
    "      mq.y                          ?  1 month (the table has none)",
    "  nodes that pods pay for      -$3.00  counted with the pods",
    "  total a month             $1,070.25  $0.25 of it assumed",
    "  without a price, and in no sum: mq.y",
    "  2 prices: a list, 2025-06-30",
  ]);
  expect(costText(cost, { ...how, lines: false })).not.toContain("rds.x");
});

test("where nothing is billed no sum pretends to be one", () => {
  const [stack] = cost.stacks;
  const lines = [{ sku: "cluster.vcpu", quantity: 73, unit: "hour" }] as const;
  const local = {
    ...cost,
    stacks: [{ ...stack!, items: [{ ...stack!.items[0]!, lines }] }],
  };
  expect(costText(local, how)).toBe(
    "prod (eu-central-1): nothing is billed, it runs on your own machine",
  );
});

test("a comparison shows each stack that differs, and the sum", () => {
  const comparison: CostComparison = {
    environment: "prod",
    base: "main",
    before: 10,
    after: 14,
    difference: 4,
    missing: [],
    changes: [
      { stack: "news.prod", after: 5, difference: 5, missing: [] },
      { stack: "shop.prod", before: 10, after: 9, difference: -1, missing: [] },
    ],
  };
  expect(comparisonText(comparison, how).split("\n")).toEqual([
    "prod: $10.00 → $14.00 a month (+$4.00 against main, 2 stacks)",
    "  news.prod  +$5.00  - → $5.00",
    "  shop.prod  -$1.00  $10.00 → $9.00",
  ]);
  expect(comparisonText({ ...comparison, changes: [] }, how)).toContain(
    "nothing costs anything else than at main",
  );
});
