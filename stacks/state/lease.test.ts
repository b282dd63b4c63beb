import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LeaseRecord, joinLease, leaseOf, takeLease } from "./lease.ts";

let root: string;
const children: ChildProcess[] = [];
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "fairway-lease-"))));
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true });
});

/** A process that does nothing until it is killed. */
async function idle(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')"]);
  children.push(child);
  await once(child.stdout!, "data");
  return child;
}
async function killed(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}
const claim = (worker: number, stack = "user-service.local") => ({
  stack,
  operation: "up",
  run: "run-1",
  now: new Date(0),
  worker,
});
const file = (): string => join(root, ".fairway/leases/user-service.local.json");
/** What a command that was killed leaves: a record in which it no longer runs. */
function leaveBy(dead: number): void {
  const record = JSON.parse(readFileSync(file(), "utf8")) as LeaseRecord;
  const processes = record.processes.map((one) =>
    one.role === "command" ? { ...one, pid: dead } : one,
  );
  writeFileSync(file(), JSON.stringify({ ...record, processes }));
}

describe("a lease", () => {
  test("is held by one run at a time, and says by whom", async () => {
    const worker = await idle();
    const lease = await takeLease(root, claim(worker.pid!));
    expect(lease).toMatchObject({ file: file() });
    expect(lease).not.toHaveProperty("dead");
    const second = await takeLease(root, claim(worker.pid!));
    expect(second).toMatchObject({ code: "FW5005" });
    expect((second as { message: string }).message).toMatch(
      new RegExp(
        `held by \`fairway up\` of \\S+ on \\S+ \\(process ${process.pid}, run run-1, since 1970`,
      ),
    );
    expect(await takeLease(root, claim(worker.pid!, "other.local"))).toHaveProperty("release");
    (lease as { release(): void }).release();
    expect(leaseOf(root, "user-service.local")).toBeUndefined();
    expect(await takeLease(root, claim(worker.pid!))).not.toHaveProperty("code");
  });

  test("goes to one of many who ask at the same time", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => takeLease(root, claim(1))));
    expect(answers.filter((one) => "release" in one)).toHaveLength(1);
  });

  test("outlives its command as long as the worker or the engine of it lives", async () => {
    const [command, worker, engine] = await Promise.all([idle(), idle(), idle()]);
    await takeLease(root, claim(worker.pid!));
    joinLease(file(), engine.pid!);
    leaveBy(command.pid!);
    await killed(command);
    expect(await takeLease(root, claim(1))).toMatchObject({ code: "FW5005" });
    await killed(worker);
    expect(await takeLease(root, claim(1))).toMatchObject({ code: "FW5005" });
    await killed(engine);
    const taken = await takeLease(root, claim(1));
    expect(taken).toMatchObject({ dead: { run: "run-1" } });
    expect((taken as { dead: LeaseRecord }).dead.processes.map(({ role }) => role)).toEqual([
      "command",
      "worker",
      "engine",
    ]);
  });

  test("is not mistaken for one of a later process with the same number", async () => {
    const worker = await idle();
    await takeLease(root, claim(worker.pid!));
    const record = JSON.parse(readFileSync(file(), "utf8")) as LeaseRecord;
    const processes = record.processes.map((one) => ({ ...one, start: "another boot:1" }));
    writeFileSync(file(), JSON.stringify({ ...record, processes }));
    expect(await takeLease(root, claim(worker.pid!))).toHaveProperty("dead");
  });

  test("of another machine counts as held, and names the file to remove", async () => {
    await takeLease(root, claim(1));
    const record = JSON.parse(readFileSync(file(), "utf8")) as LeaseRecord;
    writeFileSync(file(), JSON.stringify({ ...record, host: "elsewhere", processes: [] }));
    const told = await takeLease(root, claim(1));
    expect(told).toMatchObject({
      code: "FW5005",
      hint: expect.stringContaining(".fairway/leases/user-service.local.json"),
    });
  });
});
