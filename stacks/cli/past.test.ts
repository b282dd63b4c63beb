import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holdsData } from "../contract/data.ts";
import type { Plan } from "../contract/plan.ts";
import { registered } from "../engine/testing/registered.ts";
import { type Sketch, plansOf, workspaceOf } from "../engine/testing/sketch.ts";
import { checkpointFile, fileBackend, fullName, openBackend } from "../state/backend.ts";
import { buryStack, removeTombstone } from "../state/tombstone.ts";
import { recallPast } from "./past.ts";
import { contextOf } from "./testing.ts";

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "fairway-past-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const orders: Sketch = {
  name: "orders",
  folder: "orders",
  kind: "ServiceRequest",
  cpu: "100m",
  uses: { database: { type: "postgres" }, files: { type: "s3" }, events: { type: "sns" } },
};
const folder = () => openBackend(root, { state: {} }).folder!;

/** Writes the state that the update of a plan leaves. */
async function deployed(plan: Plan): Promise<void> {
  const { resources } = await registered(plan);
  const file = checkpointFile(folder(), plan.stack);
  mkdirSync(dirname(file), { recursive: true });
  const latest = {
    resources: resources.map((one) => ({ ...one, protect: holdsData(one.type) })),
  };
  writeFileSync(
    file,
    JSON.stringify({ version: 3, checkpoint: { stack: fullName(plan.stack), latest } }),
  );
}

/** What is said of sketches over what is deployed. */
async function toldOf(sketches: readonly Sketch[]) {
  const { plans, environment } = await plansOf(sketches, "prod");
  const site = { context: contextOf(root), environment: { ...environment, state: {} } };
  return recallPast(site, await workspaceOf(sketches, "prod"), plans, () => plans);
}

describe("a service that is not deployed and asks for what a deployed one had", () => {
  it("is told how to say that it was renamed; nothing else is said of it", async () => {
    await deployed((await plansOf([orders], "prod")).plans[0]!);
    const renamed: Sketch = { ...orders, name: "purchases" };
    const { notes, plans } = await toldOf([renamed]);
    expect(notes).toEqual([
      expect.objectContaining({
        code: "FW4024",
        file: "services/orders/service.yaml",
        path: "metadata.name",
        message:
          "purchases is not deployed in prod, and orders.prod, which no descriptor asks for, has the same resources: database, files",
        hint: "if it was renamed, write `was: [orders]` under metadata; if not, run `fairway retire orders --env prod --yes`",
      }),
    ]);
    expect(plans[0]!.refusals).toEqual([]);
    const score = await toldOf([{ ...renamed, kind: "Score" }]);
    expect(score.notes[0]!.hint).toContain(
      "write `fairway.dev/was: orders` under metadata.annotations",
    );
  });

  it("is told nothing once it says so, where it asks for something else, nor where the other is still asked for", async () => {
    await deployed((await plansOf([orders], "prod")).plans[0]!);
    const { database: _, ...less } = orders.uses;
    for (const sketches of [
      [{ ...orders, name: "purchases", was: ["orders"] }],
      [{ ...orders, name: "purchases", uses: less }],
      [orders, { ...orders, name: "purchases", folder: "purchases" }],
    ] satisfies Sketch[][])
      expect((await toldOf(sketches)).notes).toEqual([]);
  });
});

describe("a service that was retired", () => {
  const backend = () => fileBackend(folder());
  const bury = (done: boolean): Promise<void> =>
    buryStack(backend(), { stack: "orders.prod", run: "r", copies: [], done });

  it("is refused, under its new name too, until somebody takes the tombstone away", async () => {
    await bury(true);
    for (const sketch of [orders, { ...orders, name: "purchases", was: ["orders"] }]) {
      const { plans } = await toldOf([sketch]);
      expect(plans[0]!.refusals).toEqual([
        expect.objectContaining({
          code: "FW4022",
          file: "services/orders/service.yaml",
          message: expect.stringMatching(/^orders\.prod was retired on \d{4}-\d\d-\d\d$/) as string,
          hint: `take it out of the repository; to begin anew without its data run \`fairway retire ${sketch.name} --env prod --forget --yes\``,
        }),
      ]);
    }
    expect((await toldOf([{ ...orders, name: "purchases" }])).plans[0]!.refusals).toEqual([]);
    await removeTombstone(backend(), "orders.prod");
    expect((await toldOf([orders])).plans[0]!.refusals).toEqual([]);
  });

  it("is told to be retired to its end where a run broke off", async () => {
    await bury(false);
    expect((await toldOf([orders])).plans[0]!.refusals).toEqual([
      expect.objectContaining({
        code: "FW4022",
        message: expect.stringContaining("orders.prod is being retired since ") as string,
        hint: "run `fairway retire orders --env prod --yes` again: it goes on from where it stopped",
      }),
    ]);
  });
});
