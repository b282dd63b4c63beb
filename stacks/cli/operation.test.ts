import { cpSync, existsSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { removeCluster } from "../../tools/cluster/cluster.ts";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { operate } from "./operation.ts";
import { contextOf, input, problemsOf } from "./testing.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "fairway-operation-"));
  for (const folder of ["environments", "policies/levels.yaml"])
    cpSync(path.join(checkoutRoot(), folder), path.join(root, folder), { recursive: true });
  mkdirSync(path.join(root, "services", "cart"), { recursive: true });
  writeFileSync(
    path.join(root, "services", "cart", "service.yaml"),
    "apiVersion: platform.company.com/v1\nkind: ServiceRequest\nmetadata: { name: cart }\nspec: { type: worker, language: node, owner: shop }\n",
  );
});
afterAll(async () => {
  await removeCluster(path.join(root, ".fairway", "cluster"));
  rmSync(root, { recursive: true, force: true });
});

test("fails on a command line that selects nothing before anything is started", async () => {
  const context = contextOf(root, { checkout: root });
  const asked = [
    ["preview", []],
    ["up", []],
    ["destroy", []],
    ["up", ["crat"]],
  ] as const;
  for (const [operation, operands] of asked) {
    const [problem] = await problemsOf(() => operate(context, input(operands), operation));
    expect({ operation, problem }).toEqual({
      operation,
      problem: expect.stringMatching(/^FW700[56] /),
    });
    expect(existsSync(path.join(root, ".fairway", "cluster"))).toBe(false);
  }
});
