import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBackend } from "../state/backend.ts";
import { listStacks, readOutputs, readResources } from "../state/checkpoint.ts";
import { readKey } from "../state/key.ts";
import type { Progress } from "./progress.ts";
import { LOCAL } from "./testing/environment.ts";
import { type Setting, locksOf, openSetting, planOf } from "./testing/setting.ts";

let setting: Setting;
beforeAll(async () => {
  setting = await openSetting();
});
afterAll(() => setting?.close());

const one = planOf("one.local", { first: { size: 1 }, second: { size: 2 } });

describe("a stack of bare components on the real engine", () => {
  test("previews a stack that has no state without writing any", async () => {
    const run = await setting.run("preview", [one]);
    expect(run.stacks[0]?.problems).toEqual([]);
    expect(run.exit).toBe(0);
    expect(run.stacks[0]?.changes.map(({ op, name, item }) => [op, name, item])).toEqual([
      ["create", "one-first", "first"],
      ["create", "one-second", "second"],
    ]);
    expect(await listStacks(openBackend(setting.root, LOCAL))).toEqual([]);
  });

  test("creates it, records outputs with secrets hidden, and tells progress", async () => {
    const told: Progress[] = [];
    const run = await setting.run("up", [one], { onProgress: (event) => told.push(event) });
    expect(run.stacks[0]?.problems).toEqual([]);
    expect(run.stacks[0]).toMatchObject({
      status: "succeeded",
      outputs: { digest: one.digest, password: "[secret]" },
    });
    const backend = openBackend(setting.root, LOCAL);
    expect(await listStacks(backend)).toEqual(["one.local"]);
    expect(await readOutputs(backend, "one.local")).toEqual({
      digest: one.digest,
      password: "[secret]",
    });
    expect((await readResources(backend, "one.local"))?.map(({ type }) => type)).toEqual([
      "pulumi:pulumi:Stack",
      "fairway:test:Thing",
      "fairway:test:Thing",
    ]);
    expect(told.map(({ phase }) => phase)).toContain("update");
    expect(told.at(-1)).toMatchObject({ phase: "done", status: "succeeded" });
  });

  test("changes nothing and starts no update where nothing differs", async () => {
    const file = join(setting.root, ".fairway/state/.pulumi/stacks/fairway/one.local.json");
    const before = readFileSync(file, "utf8");
    const run = await setting.run("up", [one]);
    expect(run.stacks[0]?.changes.every(({ op }) => op === "same")).toBe(true);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("keeps the event stream private, without debug lines and secrets", async () => {
    const runs = join(setting.root, ".fairway/runs");
    const secret = Buffer.from(readKey(setting.root).bytes).toString("base64");
    const files = readdirSync(runs, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".jsonl"),
    );
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      expect(statSync(join(runs, file)).mode & 0o777).toBe(0o600);
      const text = readFileSync(join(runs, file), "utf8");
      expect(text).not.toContain('"severity":"debug"');
      expect(text).not.toContain(secret);
    }
  });

  test("tells the program's own problems as they are, and a defect as internal", async () => {
    const [problem, defect] = [
      planOf("bad.local", { a: { throw: "problem" } }),
      planOf("worse.local", { a: { throw: "defect" } }),
    ];
    const run = await setting.run("up", [problem, defect]);
    expect(run.stacks[0]).toMatchObject({
      status: "failed",
      problems: [{ code: "FW3090", file: "service.yaml", source: "user" }],
    });
    expect(run.stacks[1]).toMatchObject({
      status: "failed",
      problems: [{ code: "FW9000", source: "internal" }],
    });
    expect(run.exit).toBe(3);
    expect(await listStacks(openBackend(setting.root, LOCAL))).toEqual(["one.local"]);
  });

  test("skips what depends on a stack that failed, and runs the rest", async () => {
    const run = await setting.run("up", [
      planOf("c.local", { a: {} }, { dependsOn: ["b.local"] }),
      planOf("b.local", { a: {} }, { dependsOn: ["a.local"] }),
      planOf("a.local", { a: { throw: "problem" } }),
      planOf("d.local", { a: {} }),
    ]);
    expect(run.stacks.map(({ stack, status }) => [stack, status])).toEqual([
      ["c.local", "skipped"],
      ["b.local", "skipped"],
      ["a.local", "failed"],
      ["d.local", "succeeded"],
    ]);
  });

  test("lets the running engine end on cancel, leaves no lock, and exits 130", async () => {
    const cancel = new AbortController();
    const slow = planOf("slow.local", {
      a: { sleep: 400 },
      b: { sleep: 400 },
      c: { sleep: 3_000 },
      d: {},
    });
    const run = await setting.run(
      "up",
      [slow, planOf("later.local", { a: {} }, { dependsOn: ["slow.local"] })],
      {
        parallel: 1,
        signal: cancel.signal,
        onProgress: ({ phase, resource }) =>
          phase === "update" && resource === "slow-b" && cancel.abort(),
      },
    );
    expect(run.stacks.map(({ status }) => status)).toEqual(["cancelled", "skipped"]);
    expect(run.exit).toBe(130);
    expect(locksOf(openBackend(setting.root, LOCAL).folder!, "slow.local")).toEqual([]);
    expect(
      readdirSync(join(setting.root, ".fairway/leases")).filter((name) => name.endsWith(".json")),
    ).toEqual([]);
    expect(readdirSync(join(setting.root, ".fairway/work"))).toEqual([]);
  });

  test("finds no drift in components, and destroys without a remainder", async () => {
    expect((await setting.run("refresh", [one])).exit).toBe(0);
    const run = await setting.run("destroy", [
      one,
      planOf("d.local", {}),
      planOf("slow.local", {}),
    ]);
    expect(run.stacks.map(({ status, problems }) => [status, problems])).toEqual([
      ["succeeded", []],
      ["succeeded", []],
      ["succeeded", []],
    ]);
    expect(await listStacks(openBackend(setting.root, LOCAL))).toEqual([]);
    expect((await setting.run("destroy", [one])).exit).toBe(0);
  });
});
