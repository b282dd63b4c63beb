import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
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
});
afterAll(() => setting?.close());

const plan = (size: number) => planOf("one.local", { first: { size } });
const checkpoint = (root: string): string =>
  join(root, ".fairway/state/.pulumi/stacks/fairway/one.local.json");

/** A folder that can become full and read-only. */
interface Disk {
  readonly path: string;
  /** Leaves so many KiB; undoes it. */
  fill(left: number): () => void;
  /** Refuses every write; undoes it. */
  lock(): () => void;
  remove(): void;
}

/** For root, whom permissions do not stop: a file system of its own. */
function mountedDisk(): Disk {
  const path = mkdtempSync(join(tmpdir(), "fairway-disk-"));
  const mount = (...args: string[]) => execFileSync("mount", [...args, path]);
  mount("-t", "tmpfs", "-o", "size=16m", "tmpfs");
  return {
    path,
    fill(left) {
      const filler = join(path, "filler");
      try {
        execFileSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=1k"], { stdio: "ignore" });
      } catch {
        // It ends by finding the disk full.
      }
      truncateSync(filler, Math.max(0, statSync(filler).size - left * 1024));
      return () => rmSync(filler);
    },
    lock() {
      mount("-o", "remount,ro");
      return () => void mount("-o", "remount,rw");
    },
    remove() {
      execFileSync("umount", ["-l", path]);
      rmSync(path, { recursive: true });
    },
  };
}

/**
 * For everybody else, who may not mount: a folder without the right to write, and the device that is always full in the
 * place of the first file that a run would write, which is the one beside a new key.
 */
function plainDisk(): Disk {
  const path = mkdtempSync(join(tmpdir(), "fairway-disk-"));
  return {
    path,
    fill() {
      const [key, ignore] = [join(path, ".fairway/key"), join(path, ".fairway/.gitignore")];
      renameSync(key, `${key}.kept`);
      rmSync(ignore, { force: true });
      symlinkSync("/dev/full", ignore);
      return () => {
        renameSync(`${key}.kept`, key);
        rmSync(ignore);
      };
    },
    lock() {
      const kept = new Map(folderModes(path));
      for (const folder of kept.keys()) chmodSync(folder, 0o500);
      return () => {
        for (const [folder, mode] of kept) chmodSync(folder, mode);
      };
    },
    remove() {
      for (const [folder] of folderModes(path)) chmodSync(folder, 0o700);
      rmSync(path, { recursive: true });
    },
  };
}

/** A folder and every folder below it, with their modes. */
const folderModes = (path: string): [path: string, mode: number][] => [
  [path, lstatSync(path).mode & 0o777],
  ...readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => folderModes(join(path, name))),
];

const openDisk = process.getuid?.() === 0 ? mountedDisk : plainDisk;

describe("a state that is damaged", () => {
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

describe("a disk that cannot be written", () => {
  test("is named when it is full, before anything is changed, and the run after goes on", async () => {
    const disk = openDisk();
    try {
      expect((await setting.run("up", [plan(1)], { root: disk.path })).exit).toBe(0);
      const before = readFileSync(checkpoint(disk.path), "utf8");
      for (const left of [0, 64]) {
        const free = disk.fill(left);
        const run = await setting.run("up", [plan(2)], { root: disk.path });
        const problems = [...run.problems, ...run.stacks.flatMap((stack) => stack.problems)];
        expect(problems.map(({ code }) => code)).toEqual(["FW5002"]);
        expect(run.exit).toBe(1);
        expect(readFileSync(checkpoint(disk.path), "utf8")).toBe(before);
        free();
      }
      const run = await setting.run("up", [plan(2)], { root: disk.path });
      expect(run.stacks[0]).toMatchObject({ status: "succeeded", problems: [] });
    } finally {
      disk.remove();
    }
  });

  test("is named when it is read-only", async () => {
    const disk = openDisk();
    try {
      expect((await setting.run("up", [plan(1)], { root: disk.path })).exit).toBe(0);
      const unlock = disk.lock();
      const run = await setting.run("up", [plan(2)], { root: disk.path });
      unlock();
      expect([...run.problems, ...run.stacks.flatMap((stack) => stack.problems)]).toMatchObject([
        { code: "FW5003" },
      ]);
      expect(run.exit).toBe(1);
    } finally {
      disk.remove();
    }
  });

  test("is named when only the state is read-only", async () => {
    const disk = openDisk();
    const own = mkdtempSync(join(tmpdir(), "fairway-root-"));
    mkdirSync(join(own, ".fairway"));
    const environment = { ...LOCAL, state: { backend: `file://${disk.path}` } };
    try {
      expect((await setting.run("up", [plan(1)], { root: own, environment })).exit).toBe(0);
      const unlock = disk.lock();
      const seen = await setting.run("preview", [plan(2)], { root: own, environment });
      const run = await setting.run("up", [plan(2)], { root: own, environment });
      unlock();
      expect(seen.exit).toBe(0);
      expect(run.stacks[0]).toMatchObject({ status: "failed", problems: [{ code: "FW5003" }] });
      expect((await setting.run("up", [plan(2)], { root: own, environment })).exit).toBe(0);
      expect(
        readCheckpoint(openBackend(own, environment).folder!, "one.local")?.resources,
      ).toHaveLength(2);
    } finally {
      disk.remove();
      rmSync(own, { recursive: true, force: true });
    }
  });
});
