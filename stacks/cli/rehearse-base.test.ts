import { expect, test } from "vitest";
import type { Plan } from "../contract/plan.ts";
import { startingPoint } from "./rehearse-base.ts";

const plan = (stack: string, ...reads: string[]): Plan =>
  ({
    stack,
    items: [
      { id: "workload", component: "workload", args: {} },
      ...reads.map((read) => ({ id: read, component: "shared-reference", args: { stack: read } })),
    ],
  }) as unknown as Plan;
const stacks = (plans: readonly Plan[]): string[] => plans.map(({ stack }) => stack);

const BEFORE = [
  plan("cloud.prod"),
  plan("platform.prod", "cloud.prod"),
  plan("shared-postgres.prod", "platform.prod"),
  plan("cart.prod", "shared-postgres.prod"),
  plan("till.prod", "platform.prod"),
];

test("what a change starts from is what it touches, and all that is read before or after it", () => {
  expect(stacks(startingPoint(BEFORE, [plan("till.prod", "platform.prod")]))).toEqual([
    "cloud.prod",
    "platform.prod",
    "till.prod",
  ]);
  // It read a shared resource, and now it does not.
  expect(stacks(startingPoint(BEFORE, [plan("cart.prod")]))).toEqual([
    "cloud.prod",
    "platform.prod",
    "shared-postgres.prod",
    "cart.prod",
  ]);
  // A new service starts from what it reads.
  expect(stacks(startingPoint(BEFORE, [plan("news.prod", "cloud.prod")]))).toEqual(["cloud.prod"]);
  expect(startingPoint(BEFORE, [])).toEqual([]);
});
