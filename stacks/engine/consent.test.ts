import { describe, expect, it } from "vitest";
import { stackBase } from "../contract/names.ts";
import type { Plan, PlanConsent } from "../contract/plan.ts";
import { resolveCloud } from "../plan/cloud-stack.ts";
import type { StateResource } from "../state/checkpoint.ts";
import { consentKey, judgeLosses, lossesOf, standsOpen, usedNotes } from "./consent.ts";
import { EDITS, LOSES, editOf, numbersFrom, tenServices } from "./testing/edits.ts";
import { type Registered, changesOf, registered, secretsIn } from "./testing/registered.ts";
import { type Sketch, plansOf } from "./testing/sketch.ts";

const FULL = process.env["FAIRWAY_TEST_SIZE"] === "full";
const SEED = Number(process.env["FAIRWAY_TEST_SEED"] ?? (FULL ? Date.now() % 2 ** 31 : 11));
const TYPES = ["postgres", "s3", "redis/in-cluster", "sqs", "postgres/in-cluster", "dynamodb"];

describe("random edits of ten services with state", () => {
  it(
    `lose nothing without a consent, on plans and what they register (seed ${SEED})`,
    async () => {
      const next = numbersFrom(SEED);
      let sketches: readonly Sketch[] = tenServices(TYPES);
      let plans = new Map<string, Plan>();
      for (const plan of (await plansOf(sketches, "prod")).plans)
        plans.set(stackBase(plan.stack), plan);
      let states: ReadonlyMap<string, Registered> = new Map();
      const done = new Map<string, number>();
      for (let step = 0, edits = 0; edits < (FULL ? 500 : 40); step++) {
        // One of each kind first, in their order.
        const edited = editOf(sketches, next, step, EDITS[edits]);
        if (!edited) continue;
        edits++;
        const after = new Map<string, Plan>();
        for (const plan of (await plansOf(edited.sketches, "prod")).plans)
          after.set(stackBase(plan.stack), plan);
        let refused = 0;
        const reached = new Map(states);
        for (const name of edited.touched) {
          const now = after.get(name);
          expect(now, `${edited.edit} of ${name} leaves its stack behind`).toBeDefined();
          const recorded = states.get(name) ?? (await registered(plans.get(name)!));
          const state = await registered(now!, recorded);
          const changes = changesOf(recorded, state);
          const losses = lossesOf(now!, recorded.resources, changes);
          const judged = judgeLosses(now!, losses, recorded.resources, {
            changes,
            spent: [],
            today: "2026-11-21",
          });
          expect(judged.allowed).toEqual([]);
          expect(judged.refused.length > 0).toBe(losses.length > 0);
          refused += judged.refused.length;
          reached.set(name, state);
          if (LOSES.has(edited.edit)) continue;
          expect([edited.edit, losses]).toEqual([edited.edit, []]);
          expect(secretsIn(state.resources)).toEqual(secretsIn(recorded.resources));
        }
        if (LOSES.has(edited.edit)) expect(refused).toBeGreaterThan(0);
        done.set(edited.edit, (done.get(edited.edit) ?? 0) + 1);
        // A team takes back what was refused.
        if (refused === 0) [sketches, plans, states] = [edited.sketches, after, reached];
      }
      expect([...done.keys()].sort()).toEqual([...EDITS].sort());
    },
    FULL ? 3_600_000 : 600_000,
  );
});

describe("a consent", () => {
  const consent: PlanConsent = {
    resource: "store",
    items: ["database"],
    action: "delete",
    reason: "moved to the warehouse",
    until: "2026-12-31",
    file: "services/shop/service.yaml",
    path: "spec.consents.0",
  };
  const urn =
    "urn:pulumi:shop.prod::fairway::fairway:x:X$aws:rds/instance:Instance::shop-database-db";
  const component = "urn:pulumi:shop.prod::fairway::fairway:x:X::shop-database";
  const recordedWith = (protect: boolean): StateResource[] => [
    { urn: component, type: "fairway:x:X", protect: false, inputs: {}, outputs: {} },
    {
      urn,
      type: "aws:rds/instance:Instance",
      protect,
      parent: component,
      inputs: {},
      outputs: {},
    },
  ];
  const plan = async (consents: readonly PlanConsent[]): Promise<Plan> => {
    const [sketch] = tenServices(["sqs"]);
    const { plans } = await plansOf([{ ...sketch!, name: "shop" }], "prod");
    return { ...plans[0]!, guard: { ...plans[0]!.guard!, consents } };
  };
  const judge = async (
    given: PlanConsent,
    op: "delete" | "replace",
    spent: string[] = [],
    protect = true,
  ) => {
    const changes = [{ op, urn, type: "aws:rds/instance:Instance" }];
    const recorded = recordedWith(protect);
    const found = await plan([given]);
    const losses = lossesOf(found, recorded, changes);
    return judgeLosses(found, losses, recorded, { changes, spent, today: "2026-11-21" });
  };

  it("counts for its resource and its action, until its date, once", async () => {
    expect((await judge(consent, "delete")).refused).toEqual([]);
    expect((await judge(consent, "delete")).allowed[0]?.loss).toMatchObject({
      item: "database",
      action: "delete",
    });
    const why = async (given: PlanConsent, op: "delete" | "replace", spent?: string[]) =>
      (await judge(given, op, spent)).refused.map(({ message }) => message.split("; ")[1]);
    expect(await why(consent, "replace")).toEqual(["the consent at spec.consents.0 is to delete"]);
    expect(await why({ ...consent, ended: true }, "delete")).toEqual([
      "the consent at spec.consents.0 ended on 2026-12-31",
    ]);
    expect(await why({ ...consent, until: "2026-11-20" }, "delete")).toEqual([
      "the consent at spec.consents.0 ended on 2026-11-20",
    ]);
    expect(await why({ ...consent, until: "2026-11-21" }, "delete")).toEqual([]);
    expect(await why({ ...consent, items: ["other"] }, "delete")).toEqual([undefined]);
    expect(await why(consent, "delete", [consentKey(consent)])).toEqual([
      "the consent at spec.consents.0 has been used: write a new one",
    ]);
  });

  it("that has been used lets a run that broke off end what it began, and no more", async () => {
    const used = [consentKey(consent)];
    expect((await judge(consent, "delete", used, false)).refused).toEqual([]);
    expect((await judge(consent, "replace", used, false)).refused).toHaveLength(1);
    const other = { ...consent, reason: "for another reason" };
    expect((await judge({ ...other, ended: true }, "delete", used, false)).refused).toHaveLength(1);
  });

  it("is to be taken out when a run with it has ended well, and stays until then", async () => {
    const judged = await judge(consent, "delete");
    const note = (when: Parameters<typeof usedNotes>[1]) => usedNotes(judged, when);
    expect(note("before")).toEqual([
      "the consent to delete store would be used (moved to the warehouse)",
    ]);
    expect(note("succeeded")).toEqual([
      "the consent to delete store was used (moved to the warehouse); it counts no more: take it out of services/shop/service.yaml (spec.consents.0)",
    ]);
    for (const status of ["failed", "refused", "busy", "cancelled"] as const)
      expect(note(status)).toEqual([
        "the consent to delete store is in use (moved to the warehouse): leave it in services/shop/service.yaml (spec.consents.0) until a run has ended well",
      ]);
  });

  it("that was begun to be used is known by what stands open", async () => {
    const guarded = await plan([]);
    const item = { ...guarded.items[0]!, id: "database", component: "x", protect: true };
    const openIn = (items: Plan["items"], protect: boolean) =>
      standsOpen({ ...guarded, items }, recordedWith(protect));
    expect([openIn([item], false), openIn([item], true)]).toEqual([true, false]);
    const { protect: _, ...free } = item;
    expect([openIn([free], false), openIn([], false)]).toEqual([false, false]);
  });

  it("is asked for once of what is recorded under other parents", async () => {
    const moved = urn.replace("fairway:x:X$", "fairway:y:Y$");
    const changes = [urn, moved].map((one) => ({ op: "replace" as const, urn: one }));
    const found = lossesOf(await plan([]), recordedWith(true), changes);
    expect(found.map((loss) => [loss.urn, loss.item])).toEqual([[urn, "database"]]);
  });
});

it("an account's cluster, with everything that was made in it, does not go because it is adopted", async () => {
  const { environment, platform } = await plansOf([], "dev");
  const [made] = platform;
  const adopted = { adopt: { mode: "auto" as const, clusterSecurityGroup: "sg-0a1b2c3d" } };
  const { cloud } = environment;
  if (cloud.provider !== "aws") throw new Error("dev is in no account");
  const plan = resolveCloud({ ...environment, cloud: { ...cloud, eks: adopted } })!;
  const recorded = await registered(made!);
  const changes = changesOf(recorded, await registered(plan, recorded));
  const losses = lossesOf(plan, recorded.resources, changes);
  const about = { changes, spent: [], today: "2026-11-21" };
  expect(judgeLosses(plan, losses, recorded.resources, about).refused).toMatchObject([
    {
      code: "FW4020",
      message: expect.stringMatching(
        /^this would delete the aws:eks\/cluster:Cluster \S+ of cluster, which holds data$/,
      ) as string,
    },
  ]);
  expect(made!.items.find(({ id }) => id === "cluster")).toMatchObject({
    stateful: true,
    protect: true,
  });
});
