import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { obtainEngine } from "../../tools/engine/engine.ts";
import { openBackend } from "../state/backend.ts";
import { listStacks, readOutputs, readResources } from "../state/checkpoint.ts";
import { remoteState } from "./commands.ts";
import { type Bucket, openBucket } from "./testing/bucket.ts";
import { LOCAL } from "./testing/environment.ts";
import { type Setting, openSetting, planOf } from "./testing/setting.ts";

let setting: Setting;
let bucket: Bucket;
let environment: typeof LOCAL;

beforeAll(async () => {
  bucket = await openBucket();
  environment = { ...LOCAL, state: { backend: bucket.backend } };
  setting = await openSetting();
});
afterAll(async () => {
  await setting?.close();
  bucket?.close();
});

describe("state in a bucket", () => {
  const one = planOf("one.local", { first: { size: 1 } });
  const open = async () =>
    openBackend(
      setting.root,
      environment,
      remoteState(setting.root, environment, await obtainEngine({})),
    );

  test("is not written by a preview, made by an up, read through the engine, and gone after a destroy", async () => {
    expect((await setting.run("preview", [one], { environment })).exit).toBe(0);
    expect(await listStacks(await open())).toEqual([]);
    const run = await setting.run("up", [one], { environment });
    expect(run.stacks[0]).toMatchObject({ status: "succeeded", problems: [] });
    expect(await listStacks(await open())).toEqual(["one.local"]);
    expect(await readOutputs(await open(), "one.local")).toEqual({
      digest: one.digest,
      password: "[secret]",
    });
    expect(await readResources(await open(), "one.local")).toHaveLength(2);
    expect(await readOutputs(await open(), "absent.local")).toBeUndefined();
    expect(
      (await setting.run("up", [one], { environment })).stacks[0]?.changes.map(({ op }) => op),
    ).toEqual(["same"]);
    expect((await setting.run("destroy", [one], { environment })).exit).toBe(0);
    expect(await listStacks(await open())).toEqual([]);
    expect((await setting.run("destroy", [one], { environment })).exit).toBe(0);
  });

  test("is read whole, however much it is", async () => {
    const things = Array.from({ length: 300 }, (_, index) => [`thing-${index}`, { size: index }]);
    const many = planOf("many.local", Object.fromEntries(things) as Parameters<typeof planOf>[1]);
    expect((await setting.run("up", [many], { environment })).exit).toBe(0);
    expect(await readResources(await open(), "many.local")).toHaveLength(301);
    const again = await setting.run("up", [many], { environment });
    expect(again.stacks[0]?.problems).toEqual([]);
    expect(again.stacks[0]?.changes.filter(({ op }) => op !== "same")).toEqual([]);
    expect((await setting.run("destroy", [many], { environment })).exit).toBe(0);
  });

  test("is taken over from a run of this machine that is dead, its lock cleared", async () => {
    expect((await setting.run("up", [one], { environment })).exit).toBe(0);
    const gone = spawn(process.execPath, ["-e", ""]);
    await once(gone, "exit");
    const dead = { pid: gone.pid!, start: "gone" };
    const lease = {
      stack: "one.local",
      operation: "up",
      run: "dead",
      host: hostname(),
      user: "me",
      since: "",
      processes: [{ ...dead, role: "engine" }],
    };
    writeFileSync(join(setting.root, ".fairway/leases/one.local.json"), JSON.stringify(lease));
    await putLock("one.local", {
      pid: dead.pid,
      username: "me",
      hostname: hostname(),
      timestamp: new Date().toISOString(),
    });
    const changed = planOf("one.local", { first: { size: 1 }, second: { size: 2 } });
    const run = await setting.run("up", [changed], { environment });
    expect(run.stacks[0]).toMatchObject({ status: "succeeded", problems: [] });
  });

  test("is busy where another machine holds its lock", async () => {
    await putLock("one.local", {
      pid: 42,
      username: "her",
      hostname: "elsewhere",
      timestamp: "2026-01-02T03:04:05Z",
    });
    const run = await setting.run("up", [planOf("one.local", {})], { environment });
    expect(run.stacks[0]).toMatchObject({
      status: "busy",
      problems: [
        {
          code: "FW5006",
          message:
            "the state of one.local is locked by process 42 of her@elsewhere since 2026-01-02T03:04:05Z",
        },
      ],
    });
    expect(run.exit).toBe(6);
  });
});

/** Puts a lock of the engine's into the bucket. */
const putLock = (stack: string, lock: object): Promise<void> =>
  bucket.put(
    `.pulumi/locks/organization/fairway/${stack}/00000000-0000-4000-8000-000000000000.json`,
    JSON.stringify(lock),
  );
