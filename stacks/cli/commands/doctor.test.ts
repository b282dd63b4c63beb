import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import { atLeast, type Need } from "./doctor.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), "fairway-doctor-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The command on a machine that has Node and nothing else. */
function bare(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const env = { PATH: "", HOME: home, XDG_CACHE_HOME: path.join(home, "cache") };
  const bin = path.join(checkoutRoot(), "fairway.mjs");
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, "doctor", ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

test("a machine without Go and engine is told each need, found or not, and both ways out", async () => {
  const { code, stdout, stderr } = await bare();
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  const line = (name: string): string =>
    stdout.split("\n").find((each) => each.slice(3).startsWith(name)) ?? "";
  expect(line("Node").split(/ {2,}/)).toEqual([
    "✓",
    "Node",
    process.versions.node,
    process.execPath,
  ]);
  expect(line("Go")).toMatch(/^✗ .*fix: install Go 1\.\d+ or newer/);
  expect(line("Pulumi engine")).toMatch(
    /^✗ .*fix: put `pulumi` .* on PATH; or install Go .*npm start$/,
  );
  expect(line("cluster binaries")).toMatch(/^✗ .*fix: .*npx fairway cluster up$/);
  for (const name of ["ports", "write access", "disk"]) expect(line(name)).toMatch(/^[✓✗]/);
  // To look is not to write.
  expect(existsSync(path.join(home, "cache"))).toBe(false);
});

test("what is missing has a way to mend it, what is there has none to show", async () => {
  const { code, stdout } = await bare("--json");
  expect(code).toBe(1);
  const { needs } = (JSON.parse(stdout) as { data: { needs: Need[] } }).data;
  expect(needs.filter((need) => !need.found && !need.mend)).toEqual([]);
  expect(needs.filter((need) => !need.found && !need.optional).map((need) => need.name)).toEqual([
    "Go",
    "Pulumi engine",
    "cluster binaries",
  ]);
});

test("versions are compared by number", () => {
  expect(atLeast("20.20.2", "20.19")).toBe(true);
  expect(atLeast("20.9.0", "20.19")).toBe(false);
  expect(atLeast("1.26", "1.21")).toBe(true);
  expect(atLeast("22", "20.19")).toBe(true);
  expect(atLeast("20.19", "20.19.0")).toBe(true);
});
