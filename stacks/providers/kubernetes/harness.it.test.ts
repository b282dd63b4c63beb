import { setTimeout as sleep } from "node:timers/promises";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "./harness.ts";

let bench: Bench;
beforeAll(async () => void (bench = await openBench()));
afterAll(() => bench?.close());

test("a run is over when its program is, not when the engine gave it up", async () => {
  const stack = await bench.stack("given-up");
  let over = false;
  const run = await stack.preview(async () => {
    new ConfigMap("refused", { metadata: { name: "No such name" } });
    await sleep(700);
    over = true;
  });
  expect(run.code).not.toBe(0);
  expect(over).toBe(true);
});
