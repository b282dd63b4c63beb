import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import { exitOf, FairwayError } from "../../contract/problem.ts";
import { createStack } from "../../state/backend.ts";
import { stacksIn } from "../../state/checkpoint.ts";
import { contextOf, input } from "../testing.ts";
import { run } from "./destroy.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "fairway-destroy-"));
  for (const folder of ["environments", "policies", "services"])
    mkdirSync(path.join(root, folder), { recursive: true });
  const text = readFileSync(path.join(checkoutRoot(), "environments", "local.yaml"), "utf8");
  const other = text.replace("name: local", "name: lab").replace("embedded: true", "context: lab");
  writeFileSync(path.join(root, "environments", "lab.yaml"), other);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("a missing `--yes` is a fault of the command line, told with what would go, exit code 2", async () => {
  const state = path.join(root, ".fairway", "state");
  for (const stack of ["cart.lab", "platform.lab"]) createStack(state, stack);
  const destroyed = Promise.resolve(run(contextOf(root), input([], { all: true, env: "lab" })));
  const error: unknown = await destroyed.catch((thrown: unknown) => thrown);
  if (!FairwayError.is(error)) throw error;
  expect(error.problems).toMatchObject([
    { code: "FW7008", message: "this would destroy cart.lab", hint: "run it again with `--yes`" },
  ]);
  expect(exitOf(error.problems)).toBe(2);
  expect(stacksIn(state)).toEqual(["cart.lab", "platform.lab"]);
});
