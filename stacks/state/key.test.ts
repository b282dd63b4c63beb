import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readKey } from "./key.ts";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "fairway-key-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the key of a root", () => {
  test("is made once, private, and read again", () => {
    const first = readKey(root);
    expect(first.bytes).toHaveLength(32);
    expect(readKey(root).hex).toBe(first.hex);
    const file = join(root, ".fairway/key");
    expect(readFileSync(file, "utf8")).toBe(first.hex);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
  test("is never taken into Git, nor is what stands beside it", () => {
    readKey(root);
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", root, ...args], { encoding: "utf8" });
    git("init", "-q");
    expect(git("status", "--porcelain", "--untracked-files=all")).toBe("");
  });
  test("comes from the surroundings where they give one, and no file is made", () => {
    expect(readKey(root, `${"ab".repeat(32)}\n`).bytes[0]).toBe(0xab);
    expect(statSync(join(root, ".fairway"), { throwIfNoEntry: false })).toBeUndefined();
  });
  test("is never made up for state that others share", () => {
    const remote = "s3://state?region=eu-central-1";
    expect(() => readKey(root, undefined, remote)).toThrow(/FW5018 .*s3:\/\/state/);
    expect(statSync(join(root, ".fairway"), { throwIfNoEntry: false })).toBeUndefined();
    expect(readKey(root, "ab".repeat(32), remote).hex).toBe("ab".repeat(32));
    const { hex } = readKey(root);
    expect(readKey(root, undefined, remote).hex).toBe(hex);
  });
  test("fails where it is not 64 hex digits, and never replaces it", () => {
    readKey(root);
    writeFileSync(join(root, ".fairway/key"), "mistyped");
    expect(() => readKey(root)).toThrow(/FW5001.*\.fairway\/key does not hold 64 hex digits/);
    expect(() => readKey(root, "short")).toThrow(/FAIRWAY_KEY does not hold/);
  });
});
