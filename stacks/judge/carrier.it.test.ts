import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { output, secret, unknown } from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixture } from "../../policies/rules/lib/fixture.ts";
import { entry } from "../../tools/setup/build.mjs";
import type { JudgeSettings } from "./settings.ts";
import { type Carrier, readVerdicts, startCarrier } from "./start-carrier.ts";
import { type Bench, type Declared, makeBench } from "./testing.ts";

const settings: JudgeSettings = {
  environment: "prod",
  registries: ["registry.example.com/"],
  digest: "required",
  minReplicas: 2,
  levels: { "network-policy-covers": "disabled" },
};
const privileged = { "spec.containers[0].securityContext.privileged": true };

/** Starts the carrier as `startCarrier` does, and says its process. */
const FORKING = `
  import { fork } from "node:child_process";
  const stdio = ["ignore", "ignore", "pipe", "ipc"];
  const child = fork(process.argv[1], [], { detached: true, stdio });
  child.once("spawn", () => console.log(child.pid));
`;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

let bench: Bench;
let carrier: Carrier;
let count = 0;

beforeAll(async () => {
  bench = await makeBench();
  carrier = await startCarrier();
});
afterAll(async () => {
  await carrier?.stop();
  bench?.remove();
});

/** A compliant pod that the test changes. */
function pod(name: string, changes: Parameters<typeof fixture>[1] = {}): Declared {
  const { type, props } = fixture("core/v1:Pod", changes);
  return { type, name, props };
}

interface RunOptions {
  readonly operation?: "preview" | "up";
  readonly stack?: string;
}

async function run(
  resources: readonly Declared[],
  levels: JudgeSettings["levels"] = {},
  { operation = "preview", stack = `s${++count}.prod` }: RunOptions = {},
) {
  const verdictsFile = join(bench.dir, `verdicts-${++count}.jsonl`);
  const hearing = await carrier.open({
    stack,
    settings: { ...settings, levels: { ...settings.levels, ...levels } },
    verdictsFile,
  });
  try {
    const ended = await bench.run(operation, stack, resources, [hearing.shim]);
    const policyEvents = ended.events.flatMap(({ policyEvent }) => policyEvent ?? []);
    return { ...ended, policyEvents, verdicts: readVerdicts(verdictsFile), verdictsFile };
  } finally {
    await hearing.close();
  }
}
type Run = Awaited<ReturnType<typeof run>>;
const failed = ({ verdicts }: Run) =>
  verdicts.filter(({ outcome }) => outcome === "fail").map(({ name, rule }) => `${name} ${rule}`);

describe("the carrier under the real engine", () => {
  test("lets a compliant stack through, with a verdict per rule and resource", async () => {
    const ended = await run([pod("good")]);
    expect(ended.output).not.toContain("error");
    expect(ended.code).toBe(0);
    expect(ended.policyEvents).toEqual([]);
    expect(new Set(ended.verdicts.map(({ outcome }) => outcome))).toEqual(
      new Set(["pass", "not-applicable"]),
    );
    expect(ended.verdicts.filter(({ name }) => name === "good").length).toBeGreaterThan(20);
    expect(statSync(ended.verdictsFile).mode & 0o777).toBe(0o600);
  });

  test("fails a preview on a mandatory violation, in the engine's events and in the verdicts", async () => {
    const ended = await run([pod("bad", privileged), pod("good")]);
    expect(ended.code).not.toBe(0);
    expect(failed(ended)).toEqual(["bad privileged"]);
    expect(ended.policyEvents).toMatchObject([
      { policyName: "privileged", enforcementLevel: "mandatory" },
    ]);
    const summary = ended.events
      .flatMap(({ policyAnalyzeSummaryEvent: one }) => one ?? [])
      .find(({ resourceUrn }) => resourceUrn.endsWith("::bad"));
    expect(summary?.failed).toEqual(["privileged"]);
    expect(summary?.passed).not.toContain("exposure");
  });

  test("fails a stack rule, on the resource that breaks it", async () => {
    const ended = await run([pod("alone")], { "network-policy-covers": "mandatory" });
    expect(ended.code).not.toBe(0);
    expect(failed(ended)).toEqual(["alone network-policy-covers"]);
  });

  test("shows an unknown value as unproven, never as passed, and does not hide what is known", async () => {
    const ended = await run([
      pod("open", { "spec.containers[0].image": output(unknown) as unknown }),
      pod("both", {
        "spec.containers[0].securityContext": output(unknown) as unknown,
        "spec.initContainers[0].securityContext.privileged": true,
      }),
    ]);
    const about = (name: string, rule: string) =>
      ended.verdicts.find((one) => one.name === name && one.rule === rule)?.outcome;
    expect(about("open", "image-tag")).toBe("unproven");
    expect(about("open", "privileged")).toBe("pass");
    expect(about("both", "privileged")).toBe("fail");
    expect(about("both", "capabilities")).toBe("unproven");
    const passed = ended.events.flatMap(
      ({ policyAnalyzeSummaryEvent: one }) =>
        one?.passed?.map((rule) => `${one.resourceUrn} ${rule}`) ?? [],
    );
    expect(passed.filter((one) => one.endsWith("::open image-tag"))).toEqual([]);
    expect(ended.policyEvents.map(({ policyName }) => policyName)).toContain("fairway-unproven");
  });

  test("keeps secrets out of verdicts, events and output", async () => {
    const ended = await run([
      pod("told", {
        "spec.containers[0].env": [
          { name: "DB_PASSWORD", value: secret("hunter2-planted") },
          { name: "X", value: "1" },
        ],
        "spec.containers[0].image": secret("registry.example.com/hunter2-planted"),
      }),
    ]);
    expect(failed(ended)).toEqual(["told image-digest", "told image-tag", "told secret-literals"]);
    const all = JSON.stringify([ended.verdicts, ended.policyEvents, ended.output]);
    expect(all).not.toContain("hunter2-planted");
    expect(all).toContain("[secret]");
  });

  test("stops an update, too", async () => {
    const ended = await run([pod("bad", privileged)], {}, { operation: "up" });
    expect(ended.code).not.toBe(0);
    expect(failed(ended)).toEqual(["bad privileged"]);
  });

  test("keeps two operations with different settings apart, twenty times in a row", async () => {
    for (let round = 0; round < 20; round++) {
      const [strict, lax] = await Promise.all([
        run([pod("p", privileged)], {}, { stack: "strict.prod" }),
        run([pod("p", privileged)], { privileged: "advisory" }, { stack: "lax.prod" }),
      ]);
      expect([strict.code === 0, lax.code]).toEqual([false, 0]);
      expect(strict.policyEvents.map((one) => one.enforcementLevel)).toEqual(["mandatory"]);
      expect(lax.policyEvents.map((one) => one.enforcementLevel)).toEqual(["advisory"]);
      expect(lax.verdicts.find(({ outcome }) => outcome === "fail")?.level).toBe("advisory");
    }
  });

  test("fails a run closed when the judge dies before it", async () => {
    const own = await startCarrier();
    const hearing = await own.open({
      stack: "dead.prod",
      settings,
      verdictsFile: join(bench.dir, "dead.jsonl"),
    });
    const shim = join(bench.dir, "dead.pack");
    writeFileSync(shim, readFileSync(hearing.shim), { mode: 0o700 });
    await own.stop();
    await hearing.close();
    const ended = await bench.run("preview", "dead.prod", [pod("good")], [shim]);
    expect(ended.code).not.toBe(0);
    await expect(
      own.open({ stack: "x", settings, verdictsFile: join(bench.dir, "x.jsonl") }),
    ).rejects.toThrow("FW4005");
  });

  test("dies with the process that started it", async () => {
    const parent = spawn(
      process.execPath,
      ["--input-type=module", "--eval", FORKING, entry("carrier")],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(line);
    expect(isRunning(pid)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
  });

  test("leaves no shim, and refuses a verdict file that is there already", async () => {
    const verdictsFile = join(bench.dir, "taken.jsonl");
    writeFileSync(verdictsFile, "");
    await expect(carrier.open({ stack: "x.prod", settings, verdictsFile })).rejects.toThrow(
      "EEXIST",
    );
    expect(readdirSync(bench.dir).filter((name) => name.endsWith(".jsonl.pack"))).toEqual([]);
  });

  test("a cut-off verdict file is not trusted", () => {
    const file = join(bench.dir, "cut.jsonl");
    writeFileSync(file, '{"rule":"a"}\n{"rul');
    expect(() => readVerdicts(file)).toThrow("FW4006");
    expect(() => readVerdicts(join(bench.dir, "none.jsonl"))).toThrow("FW4006");
  });
});
