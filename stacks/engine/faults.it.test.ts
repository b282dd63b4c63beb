import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterStatus, startCluster } from "../../tools/cluster/cluster.ts";
import { type TestCluster, startTestCluster } from "../../tools/cluster/test-cluster.ts";
import { signalProcess } from "../../tools/setup/process.ts";
import type { Plan } from "../contract/plan.ts";
import type { RunResult } from "../contract/result.ts";
import { openBackend } from "../state/backend.ts";
import { listStacks, readCheckpoint } from "../state/checkpoint.ts";
import { leaseOf } from "../state/lease.ts";
import { type TestedCluster, openCluster } from "./testing/cluster.ts";
import type { CommandRequest } from "./testing/command.ts";
import { LOCAL } from "./testing/environment.ts";
import { type Setting, buildModule, openSetting, planOf } from "./testing/setting.ts";

/** Objects of a stack beside its namespace; an operation has about three events for each. */
const SIZE = 12;
const FULL = process.env["FAIRWAY_TEST_SIZE"] === "full";
type Target = "command" | "engine" | "api-server" | "worker";
/** Who is killed in what: at normal size each of the first seven once, at full size twenty in turn. */
const KILLS = [
  ["up", "command"],
  ["destroy", "engine"],
  ["up", "api-server"],
  ["destroy", "command"],
  ["up", "engine"],
  ["destroy", "api-server"],
  ["up", "worker"],
  ["destroy", "worker"],
] as const satisfies readonly (readonly ["up" | "destroy", Target])[];

interface Fault {
  readonly target: Target;
  /** Number of the event after which it happens. */
  readonly after: number;
}

/** Faults of a run: from a fixed seed, or at full size from a printed one. */
function faults(): Record<"up" | "destroy", Fault[]> {
  let state = Number(process.env["FAIRWAY_TEST_SEED"] ?? (FULL ? Date.now() % 2 ** 31 : 7));
  if (FULL) process.stderr.write(`faults: FAIRWAY_TEST_SEED=${state}\n`);
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return Math.floor((state / 2 ** 31) * below);
  };
  const chosen: Record<"up" | "destroy", Fault[]> = { up: [], destroy: [] };
  for (let index = 0; index < (FULL ? 20 : 7); index++) {
    const [operation, target] = KILLS[index % KILLS.length]!;
    chosen[operation].push({ target, after: 2 + next(2 * SIZE) });
  }
  return chosen;
}
const FAULTS = faults();

let setting: Setting;
let control: TestCluster;
let cluster: TestedCluster;
const command = buildModule("stacks/engine/testing/command.ts");
beforeAll(async () => {
  [setting, control] = await Promise.all([
    openSetting("stacks/engine/testing/kubernetes-worker.ts"),
    startTestCluster(),
  ]);
  cluster = await openCluster(control.kubeconfig);
});
afterAll(async () => {
  command.remove();
  cluster?.close();
  await setting?.close();
  await control?.stop();
});

/** Runs the command as a process; undefined where it did not live to tell its result. */
async function runCommand(
  request: Omit<CommandRequest, "root" | "module" | "result">,
): Promise<RunResult | undefined> {
  const result = join(setting.root, `result-${process.hrtime.bigint()}.json`);
  const full: CommandRequest = { root: setting.root, module: setting.module, result, ...request };
  const child = spawn(process.execPath, [command.module, JSON.stringify(full)], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  await new Promise((resolve) => child.once("exit", resolve));
  // A fault that did not happen proves nothing.
  expect(existsSync(`${result}.killed`)).toBe(request.kill !== undefined);
  try {
    return JSON.parse(readFileSync(result, "utf8")) as RunResult;
  } catch {
    return undefined;
  } finally {
    for (const file of [result, `${result}.killed`]) rmSync(file, { force: true });
  }
}

const planFor = (name: string): Plan =>
  planOf(
    `${name}.local`,
    Object.fromEntries(
      Array.from({ length: SIZE }, (_, index) => [`part-${index}`, { text: `text ${index}` }]),
    ),
    { namespace: name },
  );
const backend = () => openBackend(setting.root, LOCAL);
const objects = async (namespace: string): Promise<string[]> =>
  (await cluster.objects(`/api/v1/namespaces/${namespace}/configmaps`))
    .map(({ metadata }) => metadata.name)
    .filter((name) => name.startsWith("part-"))
    .sort();
/** Nobody holds the stack: the processes of a killed command have ended what they were doing. */
async function untilFree(stack: string): Promise<void> {
  while (leaseOf(setting.root, stack)) await sleep(50);
}

/** Runs an operation in which a process is killed; returns when nothing of it runs any more. */
async function disturb(
  operation: "up" | "destroy",
  plan: Plan,
  { target, after }: Fault,
): Promise<RunResult | undefined> {
  const parts = (await clusterStatus(control.dir)).parts;
  const victim =
    target === "api-server" ? parts.find(({ name }) => name === "kube-apiserver")!.pid! : target;
  const disturbed = await runCommand({
    operation,
    plans: [plan],
    kubeconfig: control.kubeconfig,
    kill: { after, target: victim, otherwise: "command" },
  });
  if (target === "api-server") await startCluster({ dir: control.dir });
  await untilFree(plan.stack);
  return disturbed;
}

/** Runs the operation again and expects it to end well, with nothing left half done. */
async function expectRerun(operation: "up" | "destroy", plan: Plan): Promise<void> {
  const rerun = await runCommand({ operation, plans: [plan], kubeconfig: control.kubeconfig });
  expect(rerun?.stacks[0]?.problems).toEqual([]);
  expect(rerun?.exit).toBe(0);
}

/** Expects neither state nor objects. */
async function expectGone(plan: Plan): Promise<void> {
  expect(await listStacks(backend())).not.toContain(plan.stack);
  const namespaces = await cluster.objects("/api/v1/namespaces");
  expect(namespaces.map(({ metadata }) => metadata.name)).not.toContain(plan.namespace);
}

describe("after a SIGKILL in up", () => {
  test.each(FAULTS.up)(
    "of the $target after event $after, the next up ends as an undisturbed one",
    async (fault) => {
      const plan = planFor(`up-${fault.target}-${fault.after}`);
      await disturb("up", plan, fault);
      await expectRerun("up", plan);
      expect(await objects(plan.namespace)).toEqual(plan.items.map(({ id }) => id).sort());
      const checkpoint = readCheckpoint(backend().folder!, plan.stack);
      expect(checkpoint?.pending).toEqual([]);
      const kept = checkpoint?.resources.filter(({ type }) => type.startsWith("kubernetes:"));
      expect(kept).toHaveLength(SIZE + 1);
      const again = await setting.run("preview", [plan], { kubeconfig: control.kubeconfig });
      expect(again.stacks[0]?.changes.filter(({ op }) => op !== "same")).toEqual([]);
      await expectRerun("destroy", plan);
      await expectGone(plan);
    },
  );

  test("of the engine, a destroy takes away also what the engine had no time to record", async () => {
    const plan = planFor("up-then-destroy");
    const disturbed = await disturb("up", plan, { target: "engine", after: 6 });
    expect(disturbed?.stacks[0]).toMatchObject({
      status: "failed",
      problems: [{ code: "FW5015" }],
    });
    await expectRerun("destroy", plan);
    await expectGone(plan);
  });
});

describe("after a SIGKILL in destroy", () => {
  test.each(FAULTS.destroy)(
    "of the $target after event $after, the next destroy leaves nothing",
    async (fault) => {
      const plan = planFor(`destroy-${fault.target}-${fault.after}`);
      await expectRerun("up", plan);
      await disturb("destroy", plan, fault);
      await expectRerun("destroy", plan);
      await expectGone(plan);
    },
  );
});

describe("two at once on one stack", () => {
  test("one goes on, the other is told who holds it and exits 6", async () => {
    const plan = planFor("at-once");
    const { kubeconfig } = control;
    const first = runCommand({ operation: "up", plans: [plan], kubeconfig });
    const engineOf = () =>
      leaseOf(setting.root, plan.stack)?.processes.find(({ role }) => role === "engine");
    while (!engineOf()) await sleep(5);
    const engine = engineOf()!;
    expect(signalProcess(engine, "SIGSTOP")).toBe(true);
    const second = await runCommand({ operation: "up", plans: [plan], kubeconfig }).finally(() =>
      signalProcess(engine, "SIGCONT"),
    );
    expect([(await first)?.exit, second?.exit]).toEqual([0, 6]);
    const told = second!.stacks[0]!.problems[0]!;
    expect(told).toMatchObject({ code: "FW5005" });
    expect(told.message).toMatch(
      /^at-once\.local is held by `fairway up` of \S+ on \S+ \(process \d+, run \S+, since \S+\)$/,
    );
    expect((await setting.run("destroy", [plan], { kubeconfig })).exit).toBe(0);
  });
});
