import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkoutRoot } from "./checkout.ts";
import { fingerprint } from "./build.mjs";

const checkout = checkoutRoot();
let root: string;

/** A small checkout: the real command and build, a command line of two lines, the real dependencies. */
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "fairway-build-")));
  for (const file of [
    "fairway.mjs",
    "package.json",
    "package-lock.json",
    "tools/setup/build.mjs",
    "tools/setup/dependencies.mjs",
  ]) {
    cpSync(join(checkout, file), join(root, file));
  }
  symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
  mkdirSync(join(root, "stacks/cli"), { recursive: true });
  says("one");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const source = (): string => join(root, "stacks/cli/main.ts");

function says(word: string): void {
  writeFileSync(
    source(),
    `export async function main(): Promise<number> {\n  console.log(${JSON.stringify(word)});\n  return 0;\n}\n`,
  );
}

const fairway = (): string =>
  execFileSync(process.execPath, ["fairway.mjs"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

const builds = (): string[] => readdirSync(join(root, ".fairway/build"));

describe("the command", () => {
  test("never runs stale code after an edit, even where size and time were put back", () => {
    expect(fairway()).toBe("one");
    const { atime, mtime } = statSync(source());
    says("two");
    utimesSync(source(), atime, mtime);
    expect(fairway()).toBe("two");
  });

  test("builds nothing while nothing changes, and leaves no note of itself", () => {
    fairway();
    const [first] = builds();
    const { mtimeMs } = statSync(join(root, ".fairway/build", first!, "cli.mjs"));
    fairway();
    expect(builds()).toEqual([first]);
    expect(statSync(join(root, ".fairway/build", first!, "cli.mjs")).mtimeMs).toBe(mtimeMs);
    expect(readdirSync(join(root, ".fairway/build", first!, "run"))).toEqual([]);
  });

  test("starts from several processes at once on a checkout that was never built", async () => {
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, ["fairway.mjs"], { cwd: root, stdio: ["ignore", "pipe", "inherit"] }),
    );
    const outputs = children.map(async (child) => String((await once(child.stdout, "data"))[0]));
    expect(await Promise.all(outputs)).toEqual(["one\n", "one\n", "one\n"]);
    await Promise.all(children.map((child) => child.exitCode ?? once(child, "exit")));
    expect(builds()).toHaveLength(1);
  });

  test("keeps three builds, and one more while a process runs from it", async () => {
    writeFileSync(
      source(),
      `export const main = (): Promise<number> => new Promise(() => (console.log("running"), setInterval(() => {}, 1000)));\n`,
    );
    const child = spawn(process.execPath, ["fairway.mjs"], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    const [running] = builds();
    for (const word of ["a", "b", "c", "d", "e"]) {
      says(word);
      expect(fairway()).toBe(word);
    }
    expect(builds()).toContain(running);
    expect(builds()).toHaveLength(4);
    child.kill("SIGKILL");
    await once(child, "exit");
    says("f");
    fairway();
    expect(builds()).not.toContain(running);
  });

  test("fails with the place of a mistake in the sources, and leaves no build", () => {
    writeFileSync(source(), "export const main = (;\n");
    expect(fairway).toThrow(/stacks\/cli\/main\.ts:1:21/);
    expect(builds()).toEqual([]);
  });

  test("fails with the command that mends it where dependencies are missing or others", () => {
    rmSync(join(root, "node_modules"));
    expect(fairway).toThrow(/npm ci/);
    mkdirSync(join(root, "node_modules"));
    writeFileSync(
      join(root, "node_modules/.package-lock.json"),
      JSON.stringify({ packages: { "node_modules/zod": { version: "3.0.0" } } }),
    );
    expect(fairway).toThrow(/npm ci/);
    expect(existsSync(join(root, ".fairway/build"))).toBe(false);
  });
});

describe("the fingerprint", () => {
  test("changes with sources, lockfile and what is installed, not with tests and texts", () => {
    const before = fingerprint(root);
    writeFileSync(join(root, "stacks/cli/main.test.ts"), "");
    writeFileSync(join(root, "README.md"), "");
    expect(fingerprint(root)).toBe(before);
    writeFileSync(join(root, "stacks/cli/data.json"), "{}");
    const withData = fingerprint(root);
    expect(withData).not.toBe(before);
    writeFileSync(join(root, "package-lock.json"), "{}");
    expect(fingerprint(root)).not.toBe(withData);
  });
});
