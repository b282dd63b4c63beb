import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkpointFile, createStack } from "./backend.ts";
import { stacksIn } from "./checkpoint.ts";
import { setLostStateAside } from "./lost-cluster.ts";

let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "fairway-lost-"));
  folder = join(root, ".fairway", "state");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("state stays while the control plane is the same", async () => {
  createStack(folder, "cart.local");
  expect(await setLostStateAside(root, "local", "one", folder, "t1")).toEqual([]);
  expect(await setLostStateAside(root, "local", "one", folder, "t2")).toEqual([]);
  expect(stacksIn(folder)).toEqual(["cart.local"]);
});

test("another control plane sends that environment's stacks, and no others, to .fairway/lost", async () => {
  createStack(folder, "cart.local");
  createStack(folder, "cart.dev");
  await setLostStateAside(root, "local", "one", folder, "t1");
  expect(await setLostStateAside(root, "local", "two", folder, "t2")).toEqual(["cart.local"]);
  expect(stacksIn(folder)).toEqual(["cart.dev"]);
  expect(readdirSync(join(root, ".fairway", "lost", "t2"))).toEqual(["cart.local.json"]);
  expect(existsSync(checkpointFile(folder, "cart.local"))).toBe(false);
});

test("two at once move everything once", async () => {
  createStack(folder, "cart.local");
  await setLostStateAside(root, "local", "one", folder, "t1");
  const moved = await Promise.all(
    ["a", "b"].map((stamp) => setLostStateAside(root, "local", "two", folder, stamp)),
  );
  expect(moved.flat()).toEqual(["cart.local"]);
});
