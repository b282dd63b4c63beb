import { expect, it } from "vitest";
import type { Consent, Use } from "../contract/service.ts";
import { guardOf } from "./guard.ts";
import { testService } from "./testing.ts";

const use = (was?: readonly string[]): Use => ({
  type: "postgres",
  class: "default",
  params: {},
  annotations: {},
  ...(was && { was }),
});
const itemsOf = (uses: Record<string, Use>, resource: string): readonly string[] => {
  const consent: Consent = { resource, action: "replace", reason: "a test", until: "2026-12-31" };
  return guardOf(testService("shop", { uses, consents: [consent] })).consents[0]!.items;
};

it("a consent names a resource by what it is called today, or by what it was called and nothing else is", () => {
  const swapped = { one: use(["two"]), two: use(["one"]) };
  expect([itemsOf(swapped, "one"), itemsOf(swapped, "two")]).toEqual([["two"], ["one"]]);
  const turned = { a: use(["c"]), b: use(["a"]), c: use(["b"]) };
  expect(["a", "b", "c"].map((name) => itemsOf(turned, name))).toEqual([["c"], ["a"], ["b"]]);
  const renamed = { store: use(["database", "depot"]) };
  for (const name of ["store", "database", "depot"])
    expect(itemsOf(renamed, name)).toEqual(["database"]);
  expect(itemsOf(renamed, "cache")).toEqual(["cache"]);
});
