import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import { orphanPlan } from "../../engine/orphan.ts";
import { createStack } from "../../state/backend.ts";
import { contextOf, input } from "../testing.ts";
import { readyOf, run } from "./status.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "fairway-status-"));
  cpSync(path.join(checkoutRoot(), "environments"), path.join(root, "environments"), {
    recursive: true,
  });
  mkdirSync(path.join(root, "services", "cart"), { recursive: true });
  writeFileSync(
    path.join(root, "services", "cart", "service.yaml"),
    "apiVersion: platform.company.com/v1\nkind: ServiceRequest\nmetadata: { name: cart }\nspec: { type: worker, language: node, owner: shop }\n",
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Leaves stacks in the state of the root; gives what status says then. */
async function statusWith(stacks: readonly string[], operands: readonly string[] = []) {
  for (const stack of stacks) createStack(path.join(root, ".fairway", "state"), stack);
  const { exit, text, notes = [] } = await run(contextOf(root), input(operands));
  return { exit, text, notes: notes.map(({ code, message }) => `${code} ${message}`) };
}

test("stacks of an environment whose file is gone are orphans, with the way to end them", async () => {
  expect(await statusWith(["cart.eu", "platform.eu", "cart.prod"])).toEqual({
    exit: 0,
    text: [
      "STACK           STATE   READY  IMAGE",
      "cart.local      absent  -      registry.example.com/cart:unreleased",
      "platform.local  absent  -      -",
      "cart.eu         orphan  -      -",
      "platform.eu     orphan  -      -",
    ].join("\n"),
    notes: [
      "FW7007 there is no environment `eu` any more, and these stacks of it are left: cart.eu, platform.eu",
    ],
  });
});

test("a platform that `destroy` left is shown without advice; whoever names services sees only those", async () => {
  const { text, notes } = await statusWith(["platform.eu"]);
  expect(text).toContain("platform.eu     orphan");
  expect(notes).toEqual([]);
  expect((await statusWith(["cart.eu"], ["cart"])).text).not.toContain(".eu");
});

test("of two stacks of one name each shows its own pods; what was renamed shows those of before", () => {
  const live = { ...orphanPlan("orders.local"), name: "purchases", namespace: "orders" };
  const orphan = orphanPlan("purchases.local");
  const workloads = [
    { service: "orders", namespace: "orders", pods: 1, wanted: 2 },
    { service: "purchases", namespace: "purchases", pods: 3, wanted: 3 },
    { service: "purchases", namespace: "purchases", pods: 0, wanted: 1 },
  ];
  const plans = [live, orphan];
  expect(plans.map((plan) => readyOf(plan, plans, workloads))).toEqual([
    { pods: 1, wanted: 2 },
    { pods: 3, wanted: 4 },
  ]);
  expect(readyOf(orphanPlan("till.local"), plans, workloads)).toBeUndefined();
});
