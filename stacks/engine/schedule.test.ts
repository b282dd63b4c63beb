import { array, assert, asyncProperty, integer, nat } from "fast-check";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { needsOf, runInOrder } from "./schedule.ts";

const node = (stack: string, ...dependsOn: string[]) => ({ stack, dependsOn });

describe("what stacks wait for", () => {
  const plans = [node("web", "api", "absent"), node("api", "platform"), node("platform")];
  test("is what they depend on, of those that were chosen", () => {
    expect(Object.fromEntries(needsOf(plans, "up"))).toEqual({
      web: ["api"],
      api: ["platform"],
      platform: [],
    });
  });
  test("is turned round where they are taken down, and nothing in a preview", () => {
    expect(Object.fromEntries(needsOf(plans, "down"))).toEqual({
      web: [],
      api: ["web"],
      platform: ["api"],
    });
    expect([...needsOf(plans, "none").values()]).toEqual([[], [], []]);
  });
});

/** Graphs without cycles: a stack depends on earlier ones only. */
const graphs = array(array(nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 20 }).map(
  (rows) =>
    rows.map((row, index) =>
      node(`s${index}`, ...row.filter((other) => other < index).map((other) => `s${other}`)),
    ),
);

describe("running in order", () => {
  test("never starts a stack before its needs, keeps the bound, and skips just what depends on a failure", async () => {
    await assert(
      asyncProperty(
        graphs,
        integer({ min: 1, max: 4 }),
        array(nat(20)),
        async (plans, parallel, bad) => {
          const failing = new Set(bad.map((index) => `s${index}`));
          const needs = needsOf(plans, "up");
          const good = new Set<string>();
          const ran = new Set<string>();
          const skipped = new Set<string>();
          let running = 0;
          await runInOrder(
            needs,
            parallel,
            async (stack) => {
              expect(++running).toBeLessThanOrEqual(parallel);
              for (const need of needs.get(stack)!) expect(good).toContain(need);
              ran.add(stack);
              await setImmediate();
              running--;
              if (!failing.has(stack)) good.add(stack);
              return !failing.has(stack);
            },
            (stack) => skipped.add(stack),
          );
          for (const { stack } of plans) {
            const blocked = needs.get(stack)!.some((need) => !good.has(need));
            expect([ran.has(stack), skipped.has(stack)]).toEqual([!blocked, blocked]);
          }
        },
      ),
    );
  });
  test("fails on stacks that wait for each other", async () => {
    const needs = needsOf([node("a", "b"), node("b", "a")], "up");
    await expect(
      runInOrder(
        needs,
        2,
        async () => true,
        () => {},
      ),
    ).rejects.toThrow(/wait for each other: a, b/);
  });
});
