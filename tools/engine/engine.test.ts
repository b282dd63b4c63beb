import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findEngine, isNewEnough, obtainEngine } from "./engine.ts";

test.each([
  ["3.255.0", true],
  ["3.255.1", true],
  ["3.300.0-alpha.1", true],
  ["3.254.9", false],
  ["2.300.0", false],
  ["4.0.0", false],
  ["none", false],
])("whether %s is new enough: %s", (version, enough) => {
  expect(isNewEnough(version, "3.255.0")).toBe(enough);
});

describe("an engine on PATH", () => {
  let folder: string;
  const cache = process.env["XDG_CACHE_HOME"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fairway-engine-"));
    process.env["XDG_CACHE_HOME"] = folder;
  });
  afterEach(() => {
    if (cache === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = cache;
    rmSync(folder, { recursive: true, force: true });
  });

  /** A program that tells that version and notes that it was asked. */
  const installed = (version: string): string => {
    const path = join(folder, "pulumi");
    writeFileSync(path, `#!/bin/sh\necho asked >>${folder}/asked\necho v${version}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const asked = (): number => readFileSync(join(folder, "asked"), "utf8").split("\n").length - 1;
  const find = () => findEngine({ PATH: `/nowhere:${folder}` });

  test("is taken where it is new enough, and asked once", async () => {
    const path = installed("3.256.0");
    expect(await find()).toEqual({ path, version: "3.256.0", source: "path" });
    expect(await find()).toEqual({ path, version: "3.256.0", source: "path" });
    expect(asked()).toBe(1);
    installed("3.257.10");
    expect((await find())?.version).toBe("3.257.10");
    expect(asked()).toBe(2);
  });

  test("is passed over where it is too old", async () => {
    installed("3.100.0");
    expect(await find()).toBeUndefined();
  });
});

describe("no engine and no internet", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fairway-engine-"));
    vi.stubEnv("XDG_CACHE_HOME", folder);
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ["without Go", { PATH: "/nowhere" }, "`go` is not on PATH"],
    [
      "with Go and none of its modules",
      { GOPROXY: "http://127.0.0.1:1", GOMODCACHE: "modules", GOFLAGS: "-modcacherw" },
      "could not be built",
    ],
  ])("fails with both ways out, %s", async (_, env, reason) => {
    for (const [name, value] of Object.entries(env))
      vi.stubEnv(name, name === "GOMODCACHE" ? join(folder, value) : value);
    // What another `pulumi` on PATH would be is tested above.
    vi.stubEnv("PATH", (process.env["PATH"] ?? "").split(":").filter(without("pulumi")).join(":"));
    await expect(obtainEngine()).rejects.toMatchObject({
      problems: [
        {
          code: "FW8001",
          message: expect.stringContaining(reason) as unknown,
          hint: expect.stringMatching(
            /^install Go .* or put `pulumi` 3\.255 or newer on PATH$/,
          ) as unknown,
        },
      ],
    });
  });
});

/** Whether a folder of PATH lacks a program. */
const without = (program: string) => (path: string) => !existsSync(join(path, program));
