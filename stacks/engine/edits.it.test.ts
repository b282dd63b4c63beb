import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunResult } from "../contract/result.ts";
import { EDITS, type Edit, LOSES, editOf, numbersFrom, tenServices } from "./testing/edits.ts";
import { type Estate, openEstate } from "./testing/estate.ts";
import type { Place } from "./testing/renames.ts";
import type { Sketch } from "./testing/sketch.ts";

const FULL = process.env["FAIRWAY_TEST_SIZE"] === "full";
const SEED = Number(process.env["FAIRWAY_TEST_SEED"] ?? (FULL ? Date.now() % 2 ** 31 : 11));

interface Ground {
  readonly called: string;
  readonly place: Place;
  readonly types: readonly string[];
  /** Edits in a full run; otherwise one of each kind and two more. */
  readonly edits: number;
}
const GROUNDS: readonly Ground[] = [
  {
    called: "rehearsed",
    place: "prod",
    types: ["postgres", "s3", "redis/in-cluster", "sqs", "redis", "dynamodb"],
    edits: 60,
  },
  {
    called: "the cluster",
    place: "local",
    types: ["postgres", "s3", "redis", "mysql", "volume"],
    edits: 30,
  },
];

const said = ({ stacks, problems, exit }: RunResult) => ({
  exit,
  problems: [...problems, ...stacks.flatMap((stack) => stack.problems)].map(
    ({ code, message }) => `${code} ${message}`,
  ),
});
const WELL = { exit: 0, problems: [] };

describe.each(GROUNDS)(
  "random edits of ten deployed services, $called",
  ({ place, types, edits }) => {
    const first: readonly Sketch[] = tenServices(types, "edited");
    const wanted = FULL ? edits : EDITS.length + 2;
    let estate: Estate;
    beforeAll(async () => void (estate = await openEstate(place)), 900_000);
    afterAll(() => estate?.close(first.map(({ name }) => name)));

    test(
      `lose nothing without a consent (seed ${SEED})`,
      async () => {
        const next = numbersFrom(SEED);
        let sketches = first;
        const passwords = new Map<string, Readonly<Record<string, string>>>();
        const done: Edit[] = [];
        for (let step = 0; done.length < wanted; step++) {
          // One of each kind first, in their order.
          const edited = editOf(sketches, next, step, EDITS[done.length]);
          if (!edited) continue;
          const { edit, touched } = edited;
          const fresh = touched.filter((name) => !passwords.has(name));
          if (fresh.length > 0)
            expect(said(await estate.run("up", sketches, { of: fresh }))).toEqual(WELL);
          for (const name of fresh) passwords.set(name, await estate.secrets(`${name}.${place}`));
          const before = estate.data();
          const what = `${edit} of ${touched.join(", ")} (step ${step})`;
          if (LOSES.has(edit)) {
            // A team looks first, and takes back what is refused.
            const looked = await estate.run("preview", edited.sketches, { of: touched });
            const insisted = await estate.run("up", edited.sketches, { of: touched.slice(0, 1) });
            for (const { exit, stacks } of [looked, insisted]) {
              const codes = stacks.flatMap(({ problems }) => problems.map(({ code }) => code));
              expect({ what, exit, codes: [...new Set(codes)] }).toEqual({
                what,
                exit: 4,
                codes: ["FW4020"],
              });
            }
          } else {
            const ran = await estate.run("up", edited.sketches, { of: touched });
            expect({ what, ...said(ran) }).toEqual({ what, ...WELL });
            sketches = edited.sketches;
          }
          expect({ what, data: estate.data() }).toEqual({ what, data: before });
          done.push(edit);
        }
        expect(new Set(done)).toEqual(new Set(EDITS));
        for (const [name, kept] of passwords)
          expect([name, await estate.secrets(`${name}.${place}`)]).toEqual([name, kept]);
      },
      FULL ? 3_600_000 : 900_000,
    );
  },
);
