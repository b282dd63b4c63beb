import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkpointFile, openBackend } from "../state/backend.ts";
import { rehearsalRoot, worldFolder } from "../state/rehearsal.ts";
import { LOCAL } from "./testing/environment.ts";
import { type Setting, openSetting, planOf } from "./testing/setting.ts";

let setting: Setting;
beforeAll(async () => {
  setting = await openSetting("stacks/engine/testing/kubernetes-worker.ts");
}, 600_000);
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
