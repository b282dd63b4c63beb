import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Consent } from "../contract/service.ts";
import type { RunResult, StackResult } from "../contract/result.ts";
import { planWorkspace } from "../plan/workspace.ts";
import { fileBackend, openBackend } from "../state/backend.ts";
import { readCheckpoint, stacksIn } from "../state/checkpoint.ts";
import { leaseOf } from "../state/lease.ts";
import { rehearsed, worldFolder } from "../state/rehearsal.ts";
import { readTombstone } from "../state/tombstone.ts";
import type { RunRequest } from "./run.ts";
import type { CommandRequest } from "./testing/command.ts";
import { type Setting, buildModule, openSetting } from "./testing/setting.ts";
import { type Sketch, plansOf, workspaceOf } from "./testing/sketch.ts";

let setting: Setting;
beforeAll(async () => {
  setting = await openSetting("stacks/engine/worker.ts");
  const { platform, environment } = await plansOf([], "prod");
  const built = await run("up", platform, environment, {
    rehearsal: { world: worldFolder(setting.root), because: "a test", base: true },
  });
  expect(built.stacks.flatMap(({ problems }) => problems)).toEqual([]);
});
afterAll(() => setting?.close());

type Planned = Awaited<ReturnType<typeof plansOf>>;

const run = (
  operation: "preview" | "up" | "destroy",
  plans: Planned["plans"],
  environment: Planned["environment"],
  more: Pick<Partial<RunRequest>, "retire" | "rehearsal" | "signal" | "onProgress"> = {},
): Promise<RunResult> =>
  setting.run(operation, plans, {
    environment: rehearsed(environment),
    rehearsal: { world: worldFolder(setting.root), because: "a test" },
    ...more,
  });

/** Runs one sketch's service. */
async function runSketch(
  operation: "preview" | "up" | "destroy",
  sketch: Sketch,
  more: Pick<Partial<RunRequest>, "retire" | "signal" | "onProgress"> & { today?: string } = {},
): Promise<StackResult & { exit: number }> {
  const { plans, environment } = await plansOf([sketch], "prod", more.today ?? "2026-11-21");
  const result = await run(operation, plans, environment, more);
  return { ...result.stacks[0]!, exit: result.exit };
}

const command = buildModule("stacks/engine/testing/command.ts");
afterAll(() => command.remove());

/** Runs a sketch's service until everything is released and nothing has gone. */
async function breakOff(sketch: Sketch): Promise<void> {
  const { plans, environment } = await plansOf([sketch], "prod", "2026-11-21");
  const request: CommandRequest = {
    operation: "up",
    root: setting.root,
    module: setting.module,
    plans,
    environment: rehearsed(environment),
    rehearsal: { world: worldFolder(setting.root), because: "a test" },
    kill: { phases: ["update"], after: 1, target: "command" },
    result: join(setting.root, "result.json"),
  };
  const child = spawn(process.execPath, [command.module, JSON.stringify(request)], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const signal = await new Promise((resolve) => child.once("exit", (_, by) => resolve(by)));
  expect(signal).toBe("SIGKILL");
  while (leaseOf(setting.root, plans[0]!.stack)) await sleep(50);
}

const folder = () => openBackend(setting.root, { state: {} }).folder!;
/** Physical ids of what holds data, by logical name. */
const idsOf = (stack: string): Record<string, string | undefined> =>
  Object.fromEntries(
    (readCheckpoint(folder(), stack)?.resources ?? [])
      .filter(({ protect }) => protect)
      .map(({ urn, id }) => [urn.slice(urn.lastIndexOf("::") + 2), id] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
/** A week from now: a run reads the real clock. */
const UNTIL = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
const consent = (over: Partial<Consent> = {}): Consent => ({
  resource: "database",
  action: "delete",
  reason: "the orders moved to the warehouse",
  until: UNTIL,
  ...over,
});

const sketch: Sketch = {
  name: "orders",
  folder: "orders",
  kind: "ServiceRequest",
  cpu: "100m",
  uses: {
    database: { type: "postgres" },
    files: { type: "s3" },
    cache: { type: "redis", class: "in-cluster" },
  },
};
const { database: _, ...without } = sketch.uses;
const { files: __, ...unfiled } = sketch.uses;
/** What it is after the database was replaced. */
const now: Sketch = { ...sketch, uses: { ...sketch.uses, database: { type: "mysql" } } };

describe("data of a deployed service", () => {
  test("is built and protected, in the account and in the cluster", async () => {
    const built = await runSketch("up", sketch);
    expect(built.problems).toEqual([]);
    expect(Object.keys(idsOf("orders.prod"))).toHaveLength(5);
  });

  test("is not deleted with its lines: the resource, the line and the consent to write are named", async () => {
    const before = idsOf("orders.prod");
    for (const operation of ["preview", "up"] as const) {
      const refused = await runSketch(operation, { ...sketch, uses: without });
      expect([refused.status, refused.exit]).toEqual(["refused", 4]);
      expect(refused.problems).toEqual([
        expect.objectContaining({
          code: "FW4020",
          file: "services/orders/service.yaml",
          path: "spec.uses.database",
          message: expect.stringMatching(
            /^this would delete the aws:rds\/instance:Instance \S+ of database, which holds data$/,
          ) as string,
          hint: expect.stringMatching(
            /consents: \[\{resource: database, action: delete, reason: <why>, until: \d{4}-\d\d-\d\d\}\]` under spec in services\/orders\/service\.yaml/,
          ) as string,
        }),
      ]);
    }
    expect(idsOf("orders.prod")).toEqual(before);
  });

  test("is not replaced by a consent to delete something, by one that ended, nor by one for another resource", async () => {
    const moved = {
      ...sketch,
      uses: { ...sketch.uses, database: { type: "postgres", class: "in-cluster" } },
    };
    const before = idsOf("orders.prod");
    for (const given of [
      consent({ action: "replace" }),
      consent({ resource: "files" }),
      consent({ until: "2026-11-20" }),
    ]) {
      const refused = await runSketch("up", { ...moved, consents: [given] });
      expect([refused.exit, refused.problems.map(({ code }) => code)]).toEqual([4, ["FW4020"]]);
    }
    expect(idsOf("orders.prod")).toEqual(before);
  });

  test("goes with a consent, after a last snapshot, once", async () => {
    const consented = { ...sketch, uses: without, consents: [consent()] };
    const preview = await runSketch("preview", consented);
    expect(preview.problems).toEqual([]);
    expect(preview.notes?.join()).toContain("the consent to delete database would be used");
    const interrupted = new AbortController();
    const broken = await runSketch("up", consented, {
      signal: interrupted.signal,
      onProgress: ({ phase, done }) => phase === "update" && done > 0 && interrupted.abort(),
    });
    expect(broken.status).toBe("cancelled");
    expect(broken.notes?.join("\n")).toMatch(
      /the last copy of \S+ will be the snapshot \S+-final-\d{14}/,
    );
    expect(broken.notes?.join("\n")).toContain(
      "is in use (the orders moved to the warehouse): leave it in services/orders/service.yaml (spec.consents.0) until a run has ended well",
    );
    const obeyed = await runSketch("up", { ...sketch, uses: without });
    expect([obeyed.exit, obeyed.problems[0]?.code]).toEqual([4, "FW4020"]);
    const gone = await runSketch("up", consented);
    expect(gone.problems).toEqual([]);
    expect(gone.exit).toBe(0);
    expect(gone.notes?.join("\n")).toMatch(/last copy of \S+: snapshot \S+-final-\d{14}/);
    expect(gone.notes?.join("\n")).toContain("it counts no more: take it out of");
    expect(Object.keys(idsOf("orders.prod"))).toHaveLength(4);
    // The same consent does not allow it a second time.
    const back = await runSketch("up", { ...sketch, consents: [consent()] });
    expect(back.problems).toEqual([]);
    const again = await runSketch("up", consented);
    expect(again.exit).toBe(4);
    expect(again.problems[0]?.message).toContain("has been used");
  });

  test("is protected again when what a broken run let go is taken back", async () => {
    const whole = { ...sketch, uses: without };
    const before = idsOf("orders.prod");
    const consented = { ...whole, uses: unfiled, consents: [consent({ resource: "files" })] };
    await breakOff(consented);
    expect(Object.keys(before).filter((name) => !(name in idsOf("orders.prod")))).toHaveLength(1);
    expect((await runSketch("up", sketch)).problems).toEqual([]);
    expect(idsOf("orders.prod")).toEqual(before);
    const refused = await runSketch("up", consented);
    expect([refused.exit, refused.problems[0]?.message]).toEqual([
      4,
      expect.stringContaining("has been used"),
    ]);
  });

  test("is replaced with a consent, once, though a run with it broke off, and is protected again", async () => {
    const refused = await runSketch("up", now);
    expect(refused.exit).toBe(4);
    expect(refused.problems).toEqual([
      expect.objectContaining({
        code: "FW4020",
        message: expect.stringMatching(/^this would replace the aws:rds\/instance/) as string,
        path: "spec.uses.database",
      }),
    ]);
    const before = idsOf("orders.prod");
    const consented = { ...now, consents: [consent({ action: "replace" })] };
    await breakOff(consented);
    const lifted = Object.keys(before).filter((name) => !(name in idsOf("orders.prod")));
    expect(lifted).toEqual(["orders-database-instance"]);
    const done = await runSketch("up", consented);
    expect([done.exit, done.problems]).toEqual([0, []]);
    expect(done.notes?.join("\n")).toMatch(/last copy of \S+: snapshot \S+-final-\d{14}/);
    const after = idsOf("orders.prod");
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(after["orders-database-instance"]).not.toBe(before["orders-database-instance"]);
    const quiet = await runSketch("preview", consented);
    expect(quiet.changes.filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
    const back = await runSketch("up", { ...sketch, consents: consented.consents });
    expect([back.exit, back.problems[0]?.message]).toEqual([
      4,
      expect.stringContaining("has been used"),
    ]);
    expect(idsOf("orders.prod")).toEqual(after);
  });

  test("is not destroyed by --yes", async () => {
    const before = idsOf("orders.prod");
    const refused = await runSketch("destroy", now);
    expect(refused.exit).toBe(4);
    expect(new Set(refused.problems.map(({ code }) => code))).toEqual(new Set(["FW4020"]));
    expect(refused.problems).toHaveLength(4);
    expect(idsOf("orders.prod")).toEqual(before);
  });

  test("stays what it was when service and resources are renamed, moved, and written in the other kind", async () => {
    const before = idsOf("orders.prod");
    const renamed: Sketch = {
      ...sketch,
      name: "purchases",
      was: ["orders"],
      folder: "elsewhere",
      kind: "Score",
      uses: {
        store: { type: "mysql", was: ["database"], class: "ha" },
        documents: { type: "s3", was: ["files"] },
        memory: { type: "redis", class: "in-cluster", was: ["cache"] },
      },
    };
    const done = await runSketch("up", renamed);
    expect(done.problems).toEqual([]);
    expect(done.stack).toBe("orders.prod");
    expect(idsOf("orders.prod")).toEqual(before);
    const quiet = await runSketch("preview", renamed);
    expect(quiet.changes.filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
  });

  test("goes when the service is retired, with a tombstone that says where its last copies are", async () => {
    const done = await runSketch("destroy", now, { retire: true });
    expect(done.problems).toEqual([]);
    expect(stacksIn(folder())).not.toContain("orders.prod");
    const tombstone = await readTombstone(fileBackend(folder()), "orders.prod");
    expect(tombstone?.copies.map(({ kind }) => kind)).toEqual(["snapshot"]);
  });

  test("is destroyed with a consent for each resource, and not with one less", async () => {
    const ledger: Sketch = {
      ...sketch,
      name: "ledger",
      folder: "ledger",
      uses: { entries: { type: "dynamodb" }, letters: { type: "sqs" } },
    };
    expect((await runSketch("up", ledger)).problems).toEqual([]);
    const consents = ["entries", "letters"].map((resource) => consent({ resource }));
    const refused = await runSketch("destroy", { ...ledger, consents: consents.slice(0, 1) });
    expect([refused.exit, new Set(refused.problems.map(({ path }) => path))]).toEqual([
      4,
      new Set(["spec.uses.letters"]),
    ]);
    const done = await runSketch("destroy", { ...ledger, consents });
    expect([done.exit, done.problems]).toEqual([0, []]);
    expect(done.notes?.join()).toContain("the consent to delete entries was used");
    expect(stacksIn(folder())).not.toContain("ledger.prod");
  });

  test("goes without a consent where it is disposable since: AWS's own locks are opened", async () => {
    const locked: Sketch = {
      ...sketch,
      name: "basket",
      folder: "basket",
      uses: { entries: { type: "dynamodb" }, database: { type: "postgres" } },
    };
    const disposable = async (operation: "up" | "destroy", given: Sketch) => {
      const workspace = await workspaceOf([given], "prod");
      const environment = { ...workspace.environments["prod"]!, stateful: "disposable" as const };
      const { plans } = planWorkspace(
        { ...workspace, environments: { prod: environment } },
        { environments: ["prod"] },
      );
      const services = plans.filter(({ kind }) => kind === "service");
      const result = await run(operation, services, environment);
      return { ...result.stacks[0]!, exit: result.exit };
    };
    expect((await runSketch("up", locked)).problems).toEqual([]);
    const destroyed = await disposable("destroy", locked);
    expect([destroyed.exit, destroyed.problems]).toEqual([0, []]);
    expect(destroyed.notes?.join("\n")).toMatch(/^last copy of \S+: snapshot \S+-final-\d{14}$/);
    expect(stacksIn(folder())).not.toContain("basket.prod");

    const { entries: ___, ...kept } = locked.uses;
    expect((await runSketch("up", locked)).problems).toEqual([]);
    const less = await disposable("up", { ...locked, uses: kept });
    expect([less.exit, less.problems]).toEqual([0, []]);
    const again = await disposable("destroy", { ...locked, uses: kept });
    expect([again.exit, again.problems, again.notes]).toEqual([0, [], undefined]);
  });
});
