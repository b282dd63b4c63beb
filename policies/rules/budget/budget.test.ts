import { expect, test } from "vitest";
import { budget } from "./budget.ts";

const bill = { about: "shop", usd: 99.5, missing: [], ceiling: 100 };

test("what stays under its ceiling passes, and so does what meets it", () => {
  expect(budget.check(bill)).toEqual({
    outcome: "pass",
    message: "shop comes to $99.50 a month of $100.00",
  });
  expect(budget.check({ ...bill, usd: 100 }).outcome).toBe("pass");
});

test("what is over its ceiling fails, whatever has no price", () => {
  expect(budget.check({ ...bill, usd: 100.01, missing: ["mq.x"] })).toEqual({
    outcome: "fail",
    message: "shop comes to $100.01 a month, and $100.00 are allowed",
  });
});

test("what has no price leaves the verdict open: never passed", () => {
  expect(budget.check({ ...bill, missing: ["mq.x", "rds.y"] })).toEqual({
    outcome: "unproven",
    message: "shop comes to $99.50 a month of $100.00 without what has no price: mq.x, rds.y",
  });
});
