import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CostUnit } from "../contract/cost.ts";
import type { Plan } from "../contract/plan.ts";
import type { Service } from "../contract/service.ts";
import { testService } from "../plan/testing.ts";
import { compare } from "./compare.ts";
import { estimate } from "./estimate.ts";
import { sum } from "./money.ts";
import { TABLE, aws, planEstimated, use } from "./testing.ts";

describe("what a change makes of it", () => {
  const before = [
    testService("a", { uses: { cache: use("redis") } }),
    testService("b"),
    testService("gone"),
  ];
  const after = [
    testService("a", { uses: { db: use("postgres", { ha: true, storage: "20Gi" }) } }),
    testService("b"),
    testService("news"),
  ];
  test("names the stacks that differ, and what came and went", () => {
    const environment = aws();
    const of = (services: readonly Service[]) =>
      estimate(planEstimated(services, environment), environment, TABLE);
    const found = compare(of(before), of(after), "main");
    expect(found.changes.map(({ stack }) => stack).sort()).toEqual([
      "a.test",
      "gone.test",
      "news.test",
    ]);
    expect(found.changes.find(({ stack }) => stack === "news.test")).not.toHaveProperty("before");
    expect(found.changes.find(({ stack }) => stack === "gone.test")).not.toHaveProperty("after");
    expect(found.difference).toBe(sum([of(after).usd, -of(before).usd]));
    expect(found.difference).toBe(sum(found.changes.map(({ difference }) => difference)));
  });

  test("is nothing where nothing changed, and mirrored where it is taken back", () => {
    const environment = aws();
    const cost = estimate(planEstimated(before, environment), environment, TABLE);
    const other = estimate(planEstimated(after, environment), environment, TABLE);
    expect(compare(cost, cost, "main")).toMatchObject({ difference: 0, changes: [] });
    expect(compare(other, cost, "main").difference).toBe(-compare(cost, other, "main").difference);
  });
});

/** A plan of items whose costs are as drawn. */
const plans = fc.array(
  fc.record({
    kind: fc.constantFrom("service" as const, "platform" as const),
    costs: fc.array(
      fc.record({
        sku: fc.constantFrom(
          "cluster.vcpu",
          "ec2.m7g.large",
          "eks.cluster",
          "s3.standard.get",
          "mq.nobody",
        ),
        quantity: fc.double({ min: 0, max: 1e6, noNaN: true }),
      }),
      { maxLength: 4 },
    ),
  }),
  { maxLength: 12 },
);
const UNITS: Readonly<Record<string, CostUnit>> = { "s3.standard.get": "million-requests" };

test("a total is the sum of its parts, whatever their order", () => {
  const environment = aws();
  fc.assert(
    fc.property(plans, fc.integer(), (drawn, seed) => {
      const made = drawn.map(
        ({ kind, costs }, index) =>
          ({
            stack: `s${index}.test`,
            kind,
            name: `s${index}`,
            environment: "test",
            items: [
              {
                id: "x",
                component: "tenancy",
                args: {},
                costs: costs.map((cost) => ({ ...cost, unit: UNITS[cost.sku] ?? "hour" })),
              },
            ],
          }) as unknown as Plan,
      );
      const shuffled = made
        .map((plan, index) => ({ plan, key: Math.sin(seed + index) }))
        .sort((a, b) => a.key - b.key)
        .map(({ plan }) => plan);
      const cost = estimate(made, environment, TABLE);
      expect(estimate(shuffled, environment, TABLE)).toEqual(cost);
      expect(cost.usd).toBe(sum([...cost.stacks.map(({ usd }) => usd), cost.nodes]));
      for (const stack of cost.stacks) {
        expect(stack.usd).toBe(sum(stack.items.map(({ usd }) => usd)));
        for (const { lines, usd } of stack.items)
          expect(usd).toBe(sum(lines.map((line) => line.usd ?? 0)));
      }
      const { difference, changes } = compare(estimate([], environment, TABLE), cost, "main");
      expect(difference).toBe(cost.usd);
      expect(sum(changes.map((change) => change.difference))).toBe(difference);
    }),
  );
});
