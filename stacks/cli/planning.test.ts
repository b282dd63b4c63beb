import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { notesOf, plansOf, readWorkspace } from "./planning.ts";
import { contextOf, input, problemsOf } from "./testing.ts";

let root = "";
const write = (text: string): void => {
  mkdirSync(path.join(root, "services", "cart"), { recursive: true });
  writeFileSync(path.join(root, "services", "cart", "service.yaml"), text);
};
const DESCRIPTOR = `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: cart
spec:
  type: worker
  language: node
  owner: shop
  scaling:
    min: 1
    max: 9
`;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "fairway-planning-"));
  cpSync(path.join(checkoutRoot(), "environments"), path.join(root, "environments"), {
    recursive: true,
  });
  write(DESCRIPTOR);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("fails with everything wrong in the workspace at once", async () => {
  write(
    "apiVersion: platform.company.com/v1\nkind: ServiceRequest\nmetadata: { name: cart }\nspec: { typ: web, langage: go }\n",
  );
  const problems = await problemsOf(() => readWorkspace(contextOf(root)));
  expect(problems.length).toBeGreaterThanOrEqual(2);
  expect(problems.join("\n")).toMatch(/did you mean type\?[^]*did you mean language\?/);
});

test("an image of the command line wins in the plan", async () => {
  const context = contextOf(root);
  const workspace = await readWorkspace(context);
  const images = { image: ["cart/main=registry.example.com/cart:7"] };
  const plans = plansOf(context, workspace, input([], images), ["local"], ["cart"]);
  expect(plans.map((plan) => plan.stack)).toEqual(["platform.local", "cart.local"]);
  expect(plans[1]!.images).toEqual({
    main: { image: "registry.example.com/cart:7", from: "flag" },
  });
  const unknown = input([], { image: ["cart/web=a:1"] });
  expect((await problemsOf(() => plansOf(context, workspace, unknown, ["local"]))).length).toBe(1);
});

test("notes and refusals stand at the descriptor's line", async () => {
  const context = contextOf(root);
  const workspace = await readWorkspace(context);
  const plans = plansOf(context, workspace, input([]), ["prod"], ["cart"]);
  const notes = notesOf(plans, workspace);
  expect(notes.find((note) => note.code === "FW3020")).toMatchObject({
    file: "services/cart/service.yaml",
    line: 9,
  });
  expect(notes.filter((note) => note.file === undefined || note.line === undefined)).toEqual([]);
});

test("a consent of an environment that has ended is noted once, though two stacks know of it", async () => {
  const file = path.join(root, "environments", "dev.yaml");
  const consents =
    '  consents: [{ resource: keys, action: delete, reason: the keys are adopted, until: "2020-01-01" }]\n';
  writeFileSync(file, readFileSync(file, "utf8").replace(/^spec:\n/m, `spec:\n${consents}`));
  const context = contextOf(root);
  const workspace = await readWorkspace(context);
  const plans = plansOf(context, workspace, input([]), ["dev"]);
  const ended = notesOf(plans, workspace).filter(({ code }) => code === "FW3022");
  expect(ended).toMatchObject([{ file: "environments/dev.yaml", line: 7 }]);
});
