import { expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { fromEnvironment } from "./origins.ts";
import { planOf, testService } from "./testing.ts";
import { type TreeNode, planTree } from "./tree.ts";

test("what the environment's file does not say comes from a default with a reason, not from a line nobody wrote", async () => {
  const { environments, positions } = await loadWorkspace(checkoutRoot());
  const prod = environments["prod"]!;
  expect(fromEnvironment(prod, "limits.cpu")).toEqual({
    from: "default",
    reason: "enough for a small program, and too little to harm its neighbours",
  });
  expect(fromEnvironment(prod, "quota.cpu")).toEqual({
    from: "environment",
    file: "environments/prod.yaml",
    path: "spec.quota.cpu",
  });

  const lines: string[] = [];
  const walk = (nodes: readonly TreeNode[]): void => {
    for (const { what, why, children = [] } of nodes) {
      lines.push(`${what} ← ${why}`);
      walk(children);
    }
  };
  const service = testService("shop", { owner: "shop" });
  walk(planTree(planOf(service, prod), positions));
  expect(lines).toContain(
    "containers.0.resources.limits.cpu 500m ← default: enough for a small program, and too little to harm its neighbours",
  );
  for (const line of lines.filter((one) => one.includes("environments/prod.yaml")))
    expect(line).not.toMatch(/environments\/prod\.yaml:[1-6] /);
});
