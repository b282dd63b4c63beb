import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { holdsData } from "../contract/data.ts";
import { isOp } from "../report/summary.ts";
import type { RunResult } from "../contract/result.ts";
import { splitStack } from "../contract/names.ts";
import type { Workers } from "./pool.ts";
import { type Estate, openEstate } from "./testing/estate.ts";
import { BILLING, LEDGER, type Place, RENAMES, SHOP, walkers } from "./testing/renames.ts";
import type { Sketch } from "./testing/sketch.ts";

const SHARED = "shared-postgres-default-walk-common";
const ALL = [SHARED, SHOP, LEDGER, BILLING];

/** What a run says, where it says more than that all went well. */
const said = ({ stacks, problems, exit }: RunResult) => ({
  exit,
  problems: [...problems, ...stacks.flatMap((stack) => stack.problems)].map(
    ({ code, message }) => `${code} ${message}`,
  ),
});
const WELL = { exit: 0, problems: [] };

describe.each<readonly [string, Place]>([
  ["rehearsed", "prod"],
  ["the cluster", "local"],
])("identity on the engine, %s", (_, place) => {
  let estate: Estate;
  let sketches: readonly Sketch[] = walkers(place);
  let data: readonly string[];
  const secrets = async (names: readonly string[]) =>
    Promise.all(names.map((name) => estate.secrets(`${name}.${place}`)));
  let others: Workers;
  let passwords: Awaited<ReturnType<typeof secrets>>;

  beforeAll(async () => {
    estate = await openEstate(place);
    expect(said(await estate.run("up", sketches))).toEqual(WELL);
    data = estate.data();
    passwords = await secrets(ALL);
    expect([...new Set(data.map((line) => splitStack(line.split(" ")[0]!).name))].sort()).toEqual(
      [...ALL].sort(),
    );
    expect(Object.keys(passwords[0]!).length).toBeGreaterThan(0);
    expect(Object.keys(passwords[1]!).length).toBeGreaterThan(0);
  });
  afterAll(() => estate?.close(ALL));

  test.each(RENAMES.map((rename) => [rename.called, rename] as const))(
    "stays when %s",
    async (_called, { of, edit }) => {
      sketches = edit(sketches);
      const ran = await estate.run("up", sketches, { of: [...of, SHARED] });
      expect(said(ran)).toEqual(WELL);
      const lost = ran.stacks.flatMap(({ changes }) =>
        changes.filter(({ op }) => op === "delete" || op === "replace").map(({ type }) => type),
      );
      // What a workload is told may take other objects; nothing of the account goes, whatever it holds.
      expect(lost.filter((type) => type.startsWith("aws:") || holdsData(type))).toEqual([]);
      expect(estate.data()).toEqual(data);
    },
  );

  test("stays when every driver is built anew around its resources, and back", async () => {
    others = estate.others("stacks/engine/testing/refactored-worker.ts");
    const ran = await estate.run("up", sketches, { workers: others });
    expect(said(ran)).toEqual(WELL);
    const urns = ran.stacks.flatMap(({ changes }) => changes.map(({ urn }) => urn)).join();
    expect(urns).toContain("fairway:test:Wrapped$");
    expect(urns).toContain("fairway:test:Disk$");
    expect(estate.data()).toEqual(data);
    expect(said(await estate.run("up", sketches, { of: [BILLING, SHARED] }))).toEqual(WELL);
    expect(estate.data()).toEqual(data);
  });

  test("is refused where a child has another name and does not say which it had", async () => {
    // The driver of today does not know what the other one called the claim of the volume.
    const ran = await estate.run("up", sketches, { of: [SHOP] });
    expect(said(ran)).toEqual({
      exit: 4,
      problems: [expect.stringMatching(/^FW4020 this would delete .* of papers,/)],
    });
    expect(estate.data()).toEqual(data);
  });

  test("kept every password, and nothing is left to change", async () => {
    expect(await secrets(ALL)).toEqual(passwords);
    const quiet = [
      await estate.run("preview", sketches, { of: [SHARED, LEDGER, BILLING] }),
      await estate.run("preview", sketches, { of: [SHOP], workers: others }),
    ];
    expect(quiet.map(said)).toEqual([WELL, WELL]);
    const stacks = quiet.flatMap((one) => one.stacks);
    expect(stacks.flatMap(({ changes }) => changes.filter(({ op }) => isOp(op)))).toEqual([]);
  });
});
