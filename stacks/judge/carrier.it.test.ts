import { mkdtempSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { output, unknown } from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { JudgeSettings } from "./settings.ts";
import { type Carrier, readVerdicts, startCarrier } from "./start-carrier.ts";
import { type Bench, bundle, type Declared, makeBench } from "./testing.ts";

const settings: JudgeSettings = {
  environment: "test",
  registries: ["*"],
  digest: "optional",
  minReplicas: 1,
  levels: {},
};

const pod = (name: string, container: Declared["props"]): Declared => ({
  type: "kubernetes:core/v1:Pod",
  name,
  props: { spec: { containers: [{ name: "main", ...container }] } },
});

let dir: string;
let bench: Bench;
let carrier: Carrier;
let count = 0;

beforeAll(async () => {
  dir = mkdtempSync(join(checkoutRoot(), ".fairway/carrier-"));
  bench = await makeBench();
  carrier = await startCarrier(bundle(join(import.meta.dirname, "carrier.ts"), dir));
});
afterAll(async () => {
  await carrier?.stop();
  bench?.remove();
  rmSync(dir, { recursive: true, force: true });
});

async function run(resources: readonly Declared[], changes: Partial<JudgeSettings> = {}) {
  const verdictsFile = join(dir, `verdicts-${++count}.jsonl`);
  const stack = `s${count}.test`;
  const hearing = await carrier.open({
    stack,
    settings: { ...settings, ...changes },
    verdictsFile,
  });
  try {
    const ended = await bench.run("preview", stack, resources, [hearing.shim]);
    return { ...ended, verdicts: readVerdicts(verdictsFile), verdictsFile };
  } finally {
    await hearing.close();
  }
}

describe("the carrier under the real engine", () => {
  test("fails a preview on a mandatory violation and tells the verdict", async () => {
    const ended = await run([pod("bad", { image: "x:1", securityContext: { privileged: true } })]);
    console.log(
      ended.output,
      JSON.stringify(
        ended.events.filter((e) => e.policyEvent || e.policyAnalyzeSummaryEvent),
        null,
        1,
      ),
      ended.verdicts,
    );
    expect(ended.code).not.toBe(0);
    expect(statSync(ended.verdictsFile).mode & 0o777).toBe(0o600);
  });
  test("unknown", async () => {
    const ended = await run([
      pod("open", { image: output(unknown), securityContext: { privileged: false } }),
    ]);
    console.log(
      ended.code,
      ended.output,
      JSON.stringify(
        ended.events.filter((e) => e.policyEvent || e.policyAnalyzeSummaryEvent),
        null,
        1,
      ),
      ended.verdicts,
    );
  });
});
