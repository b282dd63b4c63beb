import { expect, test } from "vitest";
import { RULES } from "../../policies/rules/index.ts";
import type { Verdict } from "../contract/finding.ts";
import { refusals } from "./problems.ts";

const verdict = (more: Partial<Verdict>): Verdict => ({
  rule: "privileged",
  level: "mandatory",
  severity: "critical",
  outcome: "fail",
  stack: "shop.prod",
  urn: "urn",
  type: "kubernetes:apps/v1:Deployment",
  name: "shop-workload",
  message: 'container "main" is privileged',
  ...more,
});
const codes = (more: Partial<Verdict>, unproven: "allow" | "block" = "allow") =>
  refusals([verdict(more)], unproven).map(({ code }) => code);

test("a violation of a mandatory rule is a problem at its place", () => {
  const at = { file: "services/shop/service.yaml", line: 7, column: 3, path: "spec.patches.0" };
  expect(refusals([verdict({ at })], "allow")).toEqual([
    {
      code: "FW4001",
      source: "user",
      message: 'privileged: Deployment shop-workload: container "main" is privileged',
      docs: "docs/errors/FW4001.md",
      hint: `${RULES.find(({ name }) => name === "privileged")!.fix} More: fairway explain privileged`,
      ...at,
    },
  ]);
});

test("only mandatory verdicts refuse, and unproven ones only where the environment blocks on them", () => {
  expect(codes({ level: "advisory" })).toEqual([]);
  expect(codes({ outcome: "pass" })).toEqual([]);
  expect(codes({ outcome: "waived" })).toEqual([]);
  expect(codes({ outcome: "unproven" })).toEqual([]);
  expect(codes({ outcome: "unproven" }, "block")).toEqual(["FW4002"]);
  expect(codes({ outcome: "error" })).toEqual(["FW4004"]);
  expect(codes({ outcome: "error", level: "advisory" })).toEqual([]);
});
