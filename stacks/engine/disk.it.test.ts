import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBackend } from "../state/backend.ts";
import { readCheckpoint } from "../state/checkpoint.ts";
import { LOCAL } from "./testing/environment.ts";
import { type Setting, openSetting, planOf } from "./testing/setting.ts";

let setting: Setting;
beforeAll(async () => {
  setting = await openSetting();
}, 600_000);
afterAll(() => setting?.close());

const plan = (size: number) => planOf("one.local", { first: { size } });
const checkpoint = (root: string): string =>
  join(root, ".fairway/state/.pulumi/stacks/fairway/one.local.json");

/** Whether this user may mount file systems; elsewhere these tests are left out and say so. */
const root = process.getuid?.() === 0;
function mount(options: string): { path: string; remount(options: string): void; unmount(): void } {
  const path = mkdtempSync(join(tmpdir(), "fairway-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);
  return {
    path,
    remount: (changed) => execFileSync("mount", ["-o", `remount,${changed}`, path]),
    unmount() {
      execFileSync("umount", ["-l", path]);
      rmSync(path, { recursive: true });
    },
  };
}

describe("a state that is damaged", { timeout: 120_000 }, () => {
  test.each(['{"version":3,"checkpoint":{"stack":"one.local","latest":{"resour', "[]"])(
    "is found before anything runs, and the hint's command brings the one before back: %j",
    async (damage) => {
      expect((await setting.run("up", [plan(1)])).exit).toBe(0);
      expect((await setting.run("up", [plan(2)])).exit).toBe(0);
      const file = checkpoint(setting.root);
      const good = readFileSync(file, "utf8");
      writeFileSync(file, damage);
      for (const operation of ["preview", "up", "destroy", "refresh"] as const) {
        const run = await setting.run(operation, [plan(3)]);
        expect(run.stacks[0]).toMatchObject({
          status: "failed",
          changes: [],
          problems: [{ code: "FW5004", source: "user" }],
        });
        expect(run.exit).toBe(1);
        expect(readFileSync(file, "utf8")).toBe(damage);
        const [, command] = /with: (cp .*)$/.exec(run.stacks[0]?.problems[0]?.hint ?? "") ?? [];
        if (operation === "refresh") execFileSync("sh", ["-c", command!]);
      }
      const run = await setting.run("up", [plan(2)]);
      expect(run.stacks[0]?.problems).toEqual([]);
      expect(JSON.parse(readFileSync(file, "utf8")).checkpoint.latest.resources).toHaveLength(
        JSON.parse(good).checkpoint.latest.resources.length,
      );
    },
  );

  test("says so where no usable backup is there", async () => {
    writeFileSync(checkpoint(setting.root), "{");
    writeFileSync(`${checkpoint(setting.root)}.bak`, "{");
    const run = await setting.run("up", [plan(3)]);
    expect(run.stacks[0]?.problems[0]?.hint).toMatch(/^no usable backup/);
    rmSync(checkpoint(setting.root));
  });
});

describe("a disk that cannot be written", { timeout: 120_000 }, () => {
  test("is named when it is full, before anything is changed, and the run after goes on", async (context) => {
    if (!root) return context.skip("mounting needs root");
    const disk = mount("size=16m");
    try {
      expect((await setting.run("up", [plan(1)], { root: disk.path })).exit).toBe(0);
      const before = readFileSync(checkpoint(disk.path), "utf8");
      for (const left of [0, 64]) {
        fill(disk.path, left);
        const run = await setting.run("up", [plan(2)], { root: disk.path });
        const problems = [...run.problems, ...run.stacks.flatMap((stack) => stack.problems)];
        expect(problems.map(({ code }) => code)).toEqual(["FW5002"]);
        expect(run.exit).toBe(1);
        expect(readFileSync(checkpoint(disk.path), "utf8")).toBe(before);
        rmSync(join(disk.path, "filler"));
      }
      const run = await setting.run("up", [plan(2)], { root: disk.path });
      expect(run.stacks[0]).toMatchObject({ status: "succeeded", problems: [] });
    } finally {
      disk.unmount();
    }
  });

  test("is named when it is read-only", async (context) => {
    if (!root) return context.skip("mounting needs root");
    const disk = mount("size=16m");
    try {
      expect((await setting.run("up", [plan(1)], { root: disk.path })).exit).toBe(0);
      disk.remount("ro");
      const run = await setting.run("up", [plan(2)], { root: disk.path });
      expect([...run.problems, ...run.stacks.flatMap((stack) => stack.problems)]).toMatchObject([
        { code: "FW5003" },
      ]);
      expect(run.exit).toBe(1);
    } finally {
      disk.unmount();
    }
  });

  test("is named when only the state is read-only", async (context) => {
    if (!root) return context.skip("mounting needs root");
    const disk = mount("size=16m");
    const own = mkdtempSync(join(tmpdir(), "fairway-root-"));
    mkdirSync(join(own, ".fairway"));
    const environment = { ...LOCAL, state: { backend: `file://${disk.path}` } };
    try {
      expect((await setting.run("up", [plan(1)], { root: own, environment })).exit).toBe(0);
      disk.remount("ro");
      expect((await setting.run("preview", [plan(2)], { root: own, environment })).exit).toBe(0);
      const run = await setting.run("up", [plan(2)], { root: own, environment });
      expect(run.stacks[0]).toMatchObject({ status: "failed", problems: [{ code: "FW5003" }] });
      disk.remount("rw");
      expect((await setting.run("up", [plan(2)], { root: own, environment })).exit).toBe(0);
      expect(
        readCheckpoint(openBackend(own, environment).folder!, "one.local")?.resources,
      ).toHaveLength(2);
    } finally {
      disk.unmount();
      rmSync(own, { recursive: true, force: true });
    }
  });
});

/** Fills a disk but for so many KiB. */
function fill(path: string, left: number): void {
  const filler = join(path, "filler");
  try {
    execFileSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=1k"], { stdio: "ignore" });
  } catch {
    // It ends by finding the disk full.
  }
  truncateSync(filler, Math.max(0, statSync(filler).size - left * 1024));
}
