import { describe, expect, it } from "vitest";
import type { PlanItem } from "../contract/plan.ts";
import { orderItems, referencesIn } from "./order.ts";

const item = (id: string, more: Partial<PlanItem> = {}): PlanItem => ({
  id,
  component: "job",
  args: {},
  origins: {},
  after: [],
  stateful: false,
  ...more,
});
const uses = (ref: string) => ({
  env: [{ value: { $template: ["x", { ref, output: "host", secret: false }] } }],
});
const ids = (items: readonly PlanItem[]) => orderItems(items).map(({ id }) => id);

describe("order of items", () => {
  it("keeps the plan's order where nothing speaks against it", () => {
    expect(ids([item("b"), item("a"), item("c")])).toEqual(["b", "a", "c"]);
  });

  it("puts an item after those it refers to and those it names", () => {
    const items = [
      item("workload", { args: uses("database"), after: ["tenancy"] }),
      item("database", { after: ["tenancy"] }),
      item("tenancy"),
    ];
    expect(ids(items)).toEqual(["tenancy", "database", "workload"]);
  });

  it("fails for items that wait for each other", () => {
    expect(() => orderItems([item("a", { after: ["b"] }), item("b", { args: uses("a") })])).toThrow(
      "a → b → a",
    );
  });

  it("fails for an item that is not there", () => {
    expect(() => orderItems([item("a", { after: ["nobody"] })])).toThrow("nobody");
  });

  it("finds references at every depth", () => {
    expect(referencesIn({ a: [uses("x"), uses("y")], b: null }).map(({ ref }) => ref)).toEqual([
      "x",
      "y",
    ]);
  });
});
