import { expect, test } from "vitest";
import type { Environment } from "../contract/environment.ts";
import { testEnvironment } from "../plan/testing.ts";
import { judgeBill } from "./budget.ts";

const at = { file: "services/shop/service.yaml", path: "spec.cost.ceiling" };
const over = { about: "shop", usd: 120, missing: [], ceiling: 100 };
const open = { about: "shop", usd: 20, missing: ["mq.x"], ceiling: 100 };
const ruled = (bill: typeof over | typeof open, policies: object, organisation = {}) => {
  const environment: Environment = testEnvironment("test", { policies });
  const { refusal, note } = judgeBill(bill, environment, at, organisation);
  return [refusal && `refused ${refusal.code}`, note && `noted ${note.code}`].filter(Boolean);
};

const enforced = { levels: { budget: "mandatory" } };

test.each([
  ["over, where the environment enforces it", over, enforced, ["refused FW4030"]],
  ["over, by the rule's own level", over, {}, ["noted FW4030"]],
  ["over, disabled", over, { levels: { budget: "disabled" } }, []],
  ["without a price", open, enforced, ["noted FW4031"]],
  ["without a price, blocked", open, { ...enforced, unproven: "block" }, ["refused FW4031"]],
  ["without a price, blocked but advisory", open, { unproven: "block" }, ["noted FW4031"]],
  ["under", { ...over, usd: 99 }, { ...enforced, unproven: "block" }, []],
] as const)("%s", (_, bill, policies, expected) => {
  expect(ruled(bill as typeof over, policies)).toEqual(expected);
});

test("the environment's level goes over the organisation's, which goes over the rule's", () => {
  expect(ruled(over, {}, { budget: "disabled" })).toEqual([]);
  expect(ruled(over, enforced, { budget: "disabled" })).toEqual(["refused FW4030"]);
});

test("it stands where the ceiling is written, and says the way out", () => {
  expect(judgeBill(over, testEnvironment(), at).note).toMatchObject({
    ...at,
    message: "budget: shop comes to $120.00 a month, and $100.00 are allowed",
    hint: "Ask for less, or raise the ceiling with whoever pays for it.",
  });
});
