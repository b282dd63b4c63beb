import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { self } from "../../tools/setup/process.ts";
import { closeSlot, openSlot, sweepSlots } from "./folder.ts";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "fairway-slot-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("a slot", () => {
  test("has folders that no other slot has, and the user's plugins", () => {
    const plugins = join(root, "plugins");
    mkdirSync(join(plugins, "resource-aws-v7"), { recursive: true });
    const [a, b] = [openSlot(root, self(), plugins), openSlot(root, self(), plugins)];
    expect(a.work).not.toBe(b.work);
    expect(readFileSync(join(a.work, "Pulumi.yaml"), "utf8")).toBe(
      "name: fairway\nruntime: nodejs\n",
    );
    expect(readdirSync(join(a.home, "plugins"))).toEqual(["resource-aws-v7"]);
    closeSlot(a);
    expect([existsSync(a.folder), existsSync(b.folder), existsSync(plugins)]).toEqual([
      false,
      true,
      true,
    ]);
  });
  test("is swept when its process is gone, never while it lives", () => {
    const alive = openSlot(root, self(), "/absent");
    const dead = openSlot(root, { pid: 2 ** 22 + 1, start: "never" }, "/absent");
    const reused = openSlot(root, { ...self(), start: "before" }, "/absent");
    sweepSlots(root);
    expect([alive, dead, reused].map(({ folder }) => existsSync(folder))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
