import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { Ran } from "../../tools/test/root.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "fairway-main-"));
  cpSync(path.join(checkoutRoot(), "environments"), path.join(root, "environments"), {
    recursive: true,
  });
  mkdirSync(path.join(root, "services", "cart"), { recursive: true });
  writeFileSync(
    path.join(root, "services", "cart", "service.yaml"),
    `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: cart
spec:
  type: worker
  language: node
  owner: shop
  uses:
    stripe: { type: secret }
`,
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bin = path.join(checkoutRoot(), "fairway.mjs");

/** Runs the bin on the root as a process; its standard input is what the test writes, by default nothing. */
async function fairway(
  args: readonly string[],
  work: (child: ChildProcessWithoutNullStreams) => unknown = (child) => child.stdin.end(),
): Promise<Ran> {
  const child = spawn(process.execPath, [bin, "--root", root, ...args]);
  const out = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].on("data", (chunk: Buffer) => (out[stream] += chunk.toString()));
  const closed = once(child, "close") as Promise<[number]>;
  child.stdin.on("error", () => {});
  await work(child);
  const [code] = await closed;
  return { code, ...out };
}

test("a root that is none is told and has an exit code of its own", async () => {
  const ran = await fairway(["validate", "--root", path.join(root, "nowhere")]);
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 7, stdout: "" });
  expect(ran.stderr).toMatch(/^error FW7009: .* has no folder `environments`\n {4}fix: /);
});

test("`--json` prints one document and nothing else, whatever goes wrong", async () => {
  for (const [args, code] of [
    [["validate"], 0],
    [["plan", "cart", "--env", "local"], 0],
    [["plan", "nothing"], 7],
    [["plan", "--env", "nowhere"], 7],
    [["up"], 2],
    [["up", "--al"], 2],
    [["frobnicate"], 2],
    [["outputs", "cart"], 7],
  ] as const) {
    const ran = await fairway([...args, "--json"]);
    expect({ args, stderr: ran.stderr }).toEqual({ args, stderr: "" });
    expect({ args, exit: (JSON.parse(ran.stdout) as { exit: number }).exit }).toEqual({
      args,
      exit: code,
    });
    expect({ args, code: ran.code }).toEqual({ args, code });
  }
});

test("`--quiet` leaves the result and what is wrong", async () => {
  const loud = await fairway(["plan", "cart", "--env", "dev"]);
  expect(loud.stderr).toContain("note FW");
  const quiet = await fairway(["plan", "cart", "--env", "dev", "--quiet"]);
  expect(quiet).toEqual({ ...loud, stderr: "" });
});

test("an empty secret is refused before the cluster is asked", async () => {
  const ran = await fairway(["secret", "set", "cart", "stripe"]);
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 2, stdout: "" });
  expect(ran.stderr).toContain("error FW7016: standard input is empty");
});

test("Ctrl-C ends a command that waits, with a word and exit code 130", async () => {
  const ran = await fairway(["secret", "set", "cart", "stripe"], async (child) => {
    // More than a pipe holds: once it is taken, the command is reading.
    await new Promise((taken) => child.stdin.write("x".repeat(2 ** 20), taken));
    child.kill("SIGINT");
  });
  expect(ran.code).toBe(130);
  expect(ran.stderr).toContain("cancelling: ");
  expect(ran.stderr).toContain("FW5016");
});

test("a reader that goes away is no error", async () => {
  const child = spawn(process.execPath, [bin, "plan", "--root", root], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/EPIPE|error/);
});
