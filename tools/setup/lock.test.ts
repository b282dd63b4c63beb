import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkoutRoot } from "./checkout.ts";
import { withLock } from "./lock.ts";

let work: string;
let library: string;
let file: string;

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), "fairway-lock-"));
  library = join(work, "lock.mjs");
  const source = join(checkoutRoot(), "tools/setup/lock.ts");
  buildSync({
    entryPoints: [source],
    outfile: library,
    bundle: true,
    platform: "node",
    format: "esm",
  });
});
beforeEach(() => void (file = join(mkdtempSync(join(work, "case-")), "lock")));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** A process that takes the lock and says so; it holds it until it is killed or `script` ends. */
function holder(script: string) {
  const code = `import { withLock } from ${JSON.stringify(library)}; import { appendFileSync } from "node:fs";
    await withLock(${JSON.stringify(file)}, async () => { ${script} });`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

describe("a lock", () => {
  test("lets one process in at a time", async () => {
    const log = join(work, "log");
    writeFileSync(log, "");
    const turn = `appendFileSync(${JSON.stringify(log)}, "in "); await new Promise((r) => setTimeout(r, 30)); appendFileSync(${JSON.stringify(log)}, "out ");`;
    const children = Array.from({ length: 6 }, () => holder(turn));
    await Promise.all(children.map((child) => once(child, "exit")));
    expect(readFileSync(log, "utf8")).toBe("in out ".repeat(6));
  });

  test("lets one in at a time within a process", async () => {
    const log: string[] = [];
    const turn = async (): Promise<void> => {
      log.push("in");
      await new Promise((done) => setTimeout(done, 5));
      log.push("out");
    };
    await Promise.all([1, 2, 3].map(() => withLock(file, turn)));
    expect(log).toEqual(["in", "out", "in", "out", "in", "out"]);
  });

  test("is taken over from a holder that was killed, by one of those who wait", async () => {
    const dead = holder(`console.log("held"); await new Promise((r) => setTimeout(r, 60_000));`);
    await once(dead.stdout!, "data");
    const waited: number[] = [];
    const log: string[] = [];
    const waiting = Array.from({ length: 4 }, () =>
      withLock(
        file,
        async () => {
          log.push("in");
          await new Promise((done) => setTimeout(done, 10));
          log.push("out");
        },
        { waiting: (owner) => waited.push(owner.pid) },
      ),
    );
    expect(waited).toContain(dead.pid);
    expect(log).toEqual([]);
    dead.kill("SIGKILL");
    await Promise.all(waiting);
    expect(log.join(" ")).toBe("in out in out in out in out");
  });

  test("is not held by a process of the same number that started at another time", async () => {
    writeFileSync(
      `${file}.1`,
      JSON.stringify({
        pid: process.pid,
        start: "another time",
        host: (await import("node:os")).hostname(),
      }),
    );
    expect(await withLock(file, async () => "mine")).toBe("mine");
  });

  test("stops waiting when told to", async () => {
    const abort = new AbortController();
    await withLock(file, async () => {
      const second = withLock(file, async () => undefined, { signal: abort.signal });
      abort.abort(new Error("enough"));
      await expect(second).rejects.toThrow("enough");
    });
  });
});
