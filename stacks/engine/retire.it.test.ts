import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { obtainEngine } from "../../tools/engine/engine.ts";
import type { Environment } from "../contract/environment.ts";
import type { Plan } from "../contract/plan.ts";
import type { RunResult } from "../contract/result.ts";
import { openBackend } from "../state/backend.ts";
import { listStacks, readResources } from "../state/checkpoint.ts";
import { leaseOf } from "../state/lease.ts";
import { rehearsed, worldFolder } from "../state/rehearsal.ts";
import { readTombstone } from "../state/tombstone.ts";
import { remoteState } from "./commands.ts";
import { KEPT_FOR } from "./keep-volumes.ts";
import type { Progress } from "./progress.ts";
import type { RunRequest } from "./run.ts";
import { type Bucket, openBucket } from "./testing/bucket.ts";
import { type TestedCluster, openCluster } from "./testing/cluster.ts";
import type { CommandRequest } from "./testing/command.ts";
import { type Setting, buildModule, openSetting } from "./testing/setting.ts";
import { plansOf } from "./testing/sketch.ts";

type Target = "command" | "engine" | "worker";
type Phase = Progress["phase"];
interface Fault {
  readonly target: Target;
  /** The n-th event of a phase, or the part of all events, after which it happens. */
  readonly at: readonly [Phase, number] | number;
}

/** Phases in which a retirement changes anything. */
const PHASES: readonly Phase[] = ["copy", "unlock", "destroy", "done"];
const FULL = process.env["FAIRWAY_TEST_SIZE"] === "full";

/** At full size at random, from a printed seed. */
function faultsOf(fixed: readonly Fault[], count: number): readonly Fault[] {
  if (!FULL) return fixed;
  let state = Number(process.env["FAIRWAY_TEST_SEED"] ?? Date.now() % 2 ** 31);
  process.stderr.write(`retirements: FAIRWAY_TEST_SEED=${state}\n`);
  const next = (): number =>
    (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff) / 2 ** 31;
  const targets: readonly Target[] = ["command", "engine", "worker"];
  return Array.from({ length: count }, (_, index) => ({
    target: targets[index % targets.length]!,
    at: next(),
  }));
}

type Place = "account" | "bucket" | "cluster";
const PLACES: readonly (readonly [string, Place, readonly Fault[]])[] = [
  [
    "rehearsed in the account",
    "account",
    [
      { target: "command", at: ["unlock", 1] },
      { target: "engine", at: ["unlock", 4] },
      { target: "command", at: ["destroy", 1] },
      { target: "worker", at: ["destroy", 12] },
      { target: "command", at: ["done", 1] },
    ],
  ],
  [
    "rehearsed in the account, its state in a bucket",
    "bucket",
    [
      { target: "command", at: ["unlock", 1] },
      { target: "command", at: ["destroy", 1] },
      { target: "command", at: ["done", 1] },
    ],
  ],
  [
    "on the cluster",
    "cluster",
    [
      { target: "command", at: ["copy", 1] },
      { target: "command", at: ["destroy", 1] },
      { target: "engine", at: ["destroy", 12] },
    ],
  ],
];

const problemsOf = ({ stacks, problems }: RunResult) => [
  ...problems,
  ...stacks.flatMap((stack) => stack.problems),
];

const command = buildModule("stacks/engine/testing/command.ts");
afterAll(() => command.remove());

describe.each(PLACES)("a service %s", (_, place, fixed) => {
  let setting: Setting;
  let cluster: TestedCluster | undefined;
  let bucket: Bucket | undefined;
  const file = place === "cluster" ? "local" : "prod";
  let environment: Environment;
  let surroundings: Pick<RunRequest, "rehearsal" | "kubeconfig">;
  /** Phases of the events of an undisturbed retirement, in their order, and what is left. */
  const events: Phase[] = [];
  let end: Awaited<ReturnType<typeof leftOf>>;

  const run = (
    operation: "up" | "destroy",
    plans: readonly Plan[],
    more: Partial<RunRequest> = {},
  ): Promise<RunResult> => setting.run(operation, plans, { environment, ...surroundings, ...more });
  const planFor = async (name: string): Promise<Plan> => {
    const { plans } = await plansOf(
      [
        {
          name,
          folder: name,
          kind: "ServiceRequest",
          cpu: "100m",
          uses:
            file === "prod"
              ? {
                  database: { type: "postgres" },
                  documents: { type: "mongodb" },
                  ledger: { type: "dynamodb" },
                  memory: { type: "redis" },
                }
              : { database: { type: "postgres" }, cache: { type: "redis" } },
        },
      ],
      file,
    );
    return plans[0]!;
  };
  const backend = async () =>
    openBackend(
      setting.root,
      environment,
      remoteState(setting.root, environment, await obtainEngine({})),
    );

  beforeAll(async () => {
    setting = await openSetting("stacks/engine/worker.ts");
    const platform = await plansOf([], file);
    if (place === "cluster") cluster = await openCluster();
    if (place === "bucket") bucket = await openBucket();
    await bucket?.open();
    environment = cluster ? platform.environment : rehearsed(platform.environment);
    if (bucket) environment = { ...environment, state: { backend: bucket.anonymous } };
    const rehearsal = { world: worldFolder(setting.root), because: "a test" };
    surroundings = cluster ? { kubeconfig: cluster.kubeconfig } : { rehearsal };
    const built = await run("up", platform.platform, {
      ...(!cluster && { rehearsal: { ...rehearsal, base: true } }),
    });
    expect(problemsOf(built)).toEqual([]);
  });
  afterAll(async () => {
    for (const { metadata } of (await cluster?.objects("/api/v1/persistentvolumes")) ?? [])
      if (metadata.annotations?.[KEPT_FOR]?.startsWith("retired-"))
        await cluster?.delete(`/api/v1/persistentvolumes/${metadata.name}`);
    cluster?.close();
    await setting?.close();
    bucket?.close();
  });

  /** What is left of a stack, in words that do not depend on its name and the time. */
  async function leftOf({ stack, name, namespace }: Plan) {
    const world = join(worldFolder(setting.root), `${stack}.json`);
    const things = existsSync(world)
      ? (JSON.parse(readFileSync(world, "utf8")) as { things: Record<string, unknown> }).things
      : {};
    const volumes = (await cluster?.objects("/api/v1/persistentvolumes")) ?? [];
    const kept = volumes.filter(({ metadata }) => metadata.annotations?.[KEPT_FOR] === stack);
    const namespaces = (await cluster?.objects("/api/v1/namespaces")) ?? [];
    const { copies = [], ended } = (await readTombstone(await backend(), stack)) ?? {};
    for (const copy of copies.filter(({ kind }) => kind === "volume"))
      expect(kept.map(({ metadata }) => metadata.name)).toContain(copy.name);
    return {
      state: (await listStacks(await backend())).filter((one) => one === stack),
      namespaces: namespaces.filter(({ metadata }) => metadata.name === namespace),
      things: Object.keys(things),
      volumes: kept.map(({ spec }) => spec?.["persistentVolumeReclaimPolicy"]),
      copies: copies
        .map(({ of, kind, name: copy }) =>
          [of, kind, kind === "snapshot" ? copy.replace(/\d{14}$/, "") : ""]
            .join(" ")
            .replaceAll(name, "NAME"),
        )
        .sort(),
      ended,
    };
  }

  async function deploy(name: string): Promise<Plan> {
    const plan = await planFor(name);
    const built = await run("up", [plan]);
    expect(problemsOf(built)).toEqual([]);
    const held = (await readResources(await backend(), plan.stack)) ?? [];
    expect(held.filter(({ protect }) => protect).length).toBeGreaterThan(2);
    return plan;
  }

  /** Retires in a process of its own, which a fault happens to; returns when nothing of it runs any more. */
  async function disturb(plan: Plan, { target, at }: Fault): Promise<void> {
    const result = join(setting.root, `result-${process.hrtime.bigint()}.json`);
    const [phases, after] =
      typeof at === "number"
        ? [PHASES, 1 + Math.floor(at * (events.length - 1))]
        : [[at[0]], at[1]];
    const request: CommandRequest = {
      operation: "destroy",
      retire: true,
      root: setting.root,
      module: setting.module,
      plans: [plan],
      environment,
      ...(surroundings.rehearsal && { rehearsal: surroundings.rehearsal }),
      ...(surroundings.kubeconfig !== undefined && { kubeconfig: surroundings.kubeconfig }),
      kill: { phases, after, target, otherwise: "command" },
      result,
    };
    const child = spawn(process.execPath, [command.module, JSON.stringify(request)], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    await new Promise((resolve) => child.once("exit", resolve));
    // A fault that did not happen proves nothing.
    expect(existsSync(`${result}.killed`)).toBe(true);
    for (const file of [result, `${result}.killed`]) rmSync(file, { force: true });
    while (leaseOf(setting.root, plan.stack)) await sleep(50);
  }

  test("is retired: last copies are named, and nothing else is left", async () => {
    const plan = await deploy("retired-calmly");
    const done = await run("destroy", [plan], {
      retire: true,
      onProgress: ({ phase, waiting }) => !waiting && PHASES.includes(phase) && events.push(phase),
    });
    expect(problemsOf(done)).toEqual([]);
    end = await leftOf(plan);
    expect(end).toEqual({
      state: [],
      namespaces: [],
      things: [],
      volumes: cluster ? ["Retain", "Retain"] : [],
      copies: cluster
        ? [expect.stringMatching(/ volume $/), expect.stringMatching(/ volume $/)]
        : [
            "NAME-database-instance snapshot NAME-database-prod-final-",
            "NAME-documents-cluster snapshot NAME-documents-prod-final-",
            "NAME-memory-group snapshot NAME-memory-prod-final-",
          ],
      // The command says so, when what no state knows is gone too.
      ended: undefined,
    });
  });

  test.each(
    faultsOf(fixed, place === "bucket" ? 5 : 20).map((fault, index) => [
      fault.target,
      String(fault.at),
      index,
      fault,
    ]),
  )(
    "ends the same when it is run again after a SIGKILL of the %s at %s",
    async (_target, _at, index, fault) => {
      const plan = await deploy(`retired-${index}`);
      await disturb(plan, fault as Fault);
      const again = await run("destroy", [plan], { retire: true });
      expect(problemsOf(again)).toEqual([]);
      expect(await leftOf(plan)).toEqual(end);
    },
  );
});
