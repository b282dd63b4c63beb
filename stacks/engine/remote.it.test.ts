import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createHash, createHmac } from "node:crypto";
import { createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { obtainEngine } from "../../tools/engine/engine.ts";
import { obtainServer } from "../../tools/servers/server.ts";
import { openBackend } from "../state/backend.ts";
import { listStacks, readOutputs, readResources } from "../state/checkpoint.ts";
import { remoteReader } from "./commands.ts";
import { LOCAL } from "./testing/environment.ts";
import { type Setting, openSetting, planOf } from "./testing/setting.ts";

let setting: Setting;
let server: ChildProcess;
let environment: typeof LOCAL;
const folder = mkdtempSync(join(tmpdir(), "fairway-s3-"));
const credentials = {
  AWS_ACCESS_KEY_ID: "fairway-test",
  AWS_SECRET_ACCESS_KEY: "fairway-test-secret",
  FAIRWAY_KEY: "ab".repeat(32),
};

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  return port;
}

beforeAll(async () => {
  const [minio, port] = [await obtainServer("minio"), await freePort()];
  mkdirSync(join(folder, "state"));
  server = spawn(
    minio.bin["minio"]!,
    ["server", "--quiet", "--address", `127.0.0.1:${port}`, folder],
    {
      stdio: "ignore",
      env: {
        ...minio.env,
        HOME: folder,
        MINIO_ROOT_USER: credentials.AWS_ACCESS_KEY_ID,
        MINIO_ROOT_PASSWORD: credentials.AWS_SECRET_ACCESS_KEY,
      },
    },
  );
  Object.assign(process.env, credentials);
  const ready = `http://127.0.0.1:${port}/minio/health/ready`;
  while (
    !(await fetch(ready).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(100);
  const backend = `s3://state?endpoint=127.0.0.1:${port}&disableSSL=true&s3ForcePathStyle=true&region=us-east-1`;
  environment = { ...LOCAL, state: { backend } };
  setting = await openSetting();
}, 600_000);
afterAll(async () => {
  await setting?.close();
  for (const name of Object.keys(credentials)) delete process.env[name];
  server?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

describe("state in a bucket", { timeout: 120_000 }, () => {
  const one = planOf("one.local", { first: { size: 1 } });
  const open = async () =>
    openBackend(
      setting.root,
      environment,
      remoteReader(setting.root, environment, await obtainEngine({})),
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

  test("is read whole, however much it is", { timeout: 600_000 }, async () => {
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

/** Puts a lock of the engine's into the bucket, by a small engine of the AWS signature that the server asks for. */
async function putLock(stack: string, lock: object): Promise<void> {
  const endpoint = /endpoint=([^&]+)/.exec(environment.state.backend!)![1]!;
  const path = `/state/.pulumi/locks/organization/fairway/${stack}/00000000-0000-4000-8000-000000000000.json`;
  const body = JSON.stringify(lock);
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const day = stamp.slice(0, 8);
  const digest = createHash("sha256").update(body).digest("hex");
  const headers = { host: endpoint, "x-amz-content-sha256": digest, "x-amz-date": stamp };
  const names = Object.keys(headers).join(";");
  const canonical = [
    "PUT",
    path,
    "",
    ...Object.entries(headers).map(([key, value]) => `${key}:${value}`),
    "",
    names,
    digest,
  ].join("\n");
  const scope = `${day}/us-east-1/s3/aws4_request`;
  const toSign = [
    "AWS4-HMAC-SHA256",
    stamp,
    scope,
    createHash("sha256").update(canonical).digest("hex"),
  ].join("\n");
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac("sha256", key).update(text).digest();
  const key = [day, "us-east-1", "s3", "aws4_request"].reduce<string | Buffer>(
    hmac,
    `AWS4${credentials.AWS_SECRET_ACCESS_KEY}`,
  );
  const signature = hmac(key, toSign).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  const { host: _, ...sent } = headers;
  const reply = await fetch(`http://${endpoint}${path}`, {
    method: "PUT",
    body,
    headers: { ...sent, authorization },
  });
  if (!reply.ok) throw new Error(await reply.text());
}
