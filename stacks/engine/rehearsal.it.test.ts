import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkpointFile, openBackend } from "../state/backend.ts";
import { rehearsalRoot, scenarioFile, worldFolder } from "../state/rehearsal.ts";
import { LOCAL } from "./testing/environment.ts";
import { type Setting, openSetting, planOf } from "./testing/setting.ts";

let setting: Setting;
beforeAll(async () => {
  setting = await openSetting("stacks/engine/testing/kubernetes-worker.ts");
});
afterAll(() => setting?.close());

const one = planOf("one.local", { first: { text: "a" } }, { namespace: "one" });

test("what was rehearsed contacts no cluster, and is refused by real runs wherever it stands", async () => {
  const root = rehearsalRoot(setting.root, "local");
  const rehearsal = { world: worldFolder(root), because: "a test" };
  const kubeconfig = join(setting.root, "no-such-kubeconfig");
  const up = await setting.run("up", [one], { root, rehearsal });
  expect(up.stacks[0]?.problems).toEqual([]);
  expect(up).toMatchObject({ exit: 0, rehearsed: true, because: "a test" });
  const again = await setting.run("preview", [one], { root, rehearsal });
  expect(again.stacks[0]?.changes.every(({ op }) => op === "same")).toBe(true);

  const file = checkpointFile(openBackend(root, LOCAL).folder!, one.stack);
  const copy = checkpointFile(openBackend(setting.root, LOCAL).folder!, one.stack);
  cpSync(file, copy, { recursive: true });
  const before = readFileSync(file, "utf8");
  for (const [place, operation] of [
    [root, "up"],
    [root, "destroy"],
    [setting.root, "preview"],
    [setting.root, "up"],
    [setting.root, "refresh"],
    [setting.root, "destroy"],
  ] as const) {
    const real = await setting.run(operation, [one], { root: place, kubeconfig });
    expect({ place, operation, exit: real.exit, status: real.stacks[0]?.status }).toEqual({
      place,
      operation,
      exit: 4,
      status: "refused",
    });
    expect(real.stacks[0]?.problems.map(({ code }) => code)).toEqual(["FW5030"]);
  }
  expect([file, copy].map((each) => readFileSync(each, "utf8"))).toEqual([before, before]);
});

test("a scenario beside the world happens to the operations: what fails is mended by the next run", async () => {
  const root = rehearsalRoot(setting.root, "disturbed");
  const rehearsal = { world: worldFolder(root), because: "a test" };
  const run = (operation: "up" | "preview") => setting.run(operation, [plan], { root, rehearsal });
  const plan = planOf(
    "two.local",
    { late: { text: "a" }, half: { text: "b" }, calm: { text: "c" } },
    { namespace: "two" },
  );
  const file = scenarioFile(rehearsal.world);
  const plays = (disturbances: unknown): void =>
    writeFileSync(file, JSON.stringify({ disturbances }));
  // The first run makes the folders.
  expect((await run("preview")).exit).toBe(0);

  plays([{ play: "explode" }]);
  const unread = await run("up");
  expect(unread.stacks[0]?.problems).toMatchObject([
    { code: "FW5040", file, message: expect.stringContaining("play must be one of") },
  ]);
  expect(unread.exit).toBe(3);

  plays([
    { play: "throttle", name: "late", times: 2 },
    { play: "eventual", name: "namespace", milliseconds: 300 },
    { play: "fail-after-create", name: "half", times: 1, message: "waiting for it failed" },
  ]);
  const failed = await run("up");
  expect(failed.exit).toBe(1);
  expect(JSON.stringify(failed.stacks[0]?.problems)).toContain("waiting for it failed");
  const again = await run("up");
  expect({ exit: again.exit, problems: again.stacks[0]?.problems }).toEqual({
    exit: 0,
    problems: [],
  });
  const ops = again.stacks[0]!.changes.filter(({ op }) => op !== "same");
  expect(ops.map(({ op, name }) => `${op} ${name}`)).toEqual(["update half"]);

  plays([{ play: "throttle", operation: "delete", times: 99 }]);
  const kept = await setting.run("destroy", [plan], { root, rehearsal });
  expect(kept.exit).toBe(1);
  expect(JSON.stringify(kept.stacks[0]?.problems)).toContain("ThrottlingException");
  rmSync(file);
  expect((await setting.run("destroy", [plan], { root, rehearsal })).exit).toBe(0);
});
