import { expect, test } from "vitest";
import { subnetsOf } from "./subnets.plan.ts";

test("divides a network into ranges that do not overlap", () => {
  expect(subnetsOf("10.20.0.0/16", 3)).toEqual({
    private: ["10.20.0.0/18", "10.20.64.0/18", "10.20.128.0/18"],
    public: ["10.20.192.0/21", "10.20.200.0/21", "10.20.208.0/21"],
    database: ["10.20.224.0/21", "10.20.232.0/21", "10.20.240.0/21"],
  });
  expect(subnetsOf("10.0.0.0/20", 2).database).toEqual(["10.0.14.0/25", "10.0.14.128/25"]);
});
