import { describe, expect, test } from "vitest";
import { Guard } from "./guard.ts";
import { Unproven } from "./unproven.ts";
import { UNKNOWN } from "../contract/value.ts";

const value = { spec: { image: UNKNOWN, list: [{ name: "a" }, UNKNOWN], "a.b/c": UNKNOWN } };

describe("a guarded view", () => {
  test("throws on an unknown value and remembers where it stands", () => {
    const guard = new Guard();
    const view = guard.view(value);
    expect(() => view.spec.image).toThrow(new Unproven("spec.image"));
    expect(() => view.spec["a.b/c"]).toThrow('spec["a.b/c"] is not known yet');
    expect(() => view.spec.list.map((one) => one)).toThrow("spec.list[1] is not known yet");
    expect(guard.take()).toEqual(["spec.image", 'spec["a.b/c"]', "spec.list[1]"]);
    expect(guard.take()).toEqual([]);
  });

  test("remembers what a rule swallowed", () => {
    const guard = new Guard();
    const view = guard.view(value);
    try {
      JSON.stringify(view);
    } catch {
      // As a careless rule would.
    }
    expect(guard.take()).toEqual(["spec.image"]);
  });

  test("shows known values as they are", () => {
    const view = new Guard().view({ a: [1, { b: null, c: "x" }], d: undefined });
    expect(Array.isArray(view.a)).toBe(true);
    expect(view.a.length).toBe(2);
    expect([...view.a]).toEqual([1, { b: null, c: "x" }]);
    expect(Object.keys(view)).toEqual(["a", "d"]);
    expect("d" in view).toBe(true);
  });

  test("refuses every kind of writing", () => {
    const view: Record<string, unknown> = new Guard().view({ a: { b: 1 }, list: [1] });
    const inner = view["a"] as Record<string, unknown>;
    expect(() => (inner["b"] = 2)).toThrow("a rule may not change a resource");
    expect(() => delete inner["b"]).toThrow("a rule may not change a resource");
    expect(() => Object.assign(view, { c: 1 })).toThrow("a rule may not change a resource");
    expect(() => (view["list"] as number[]).push(2)).toThrow("a rule may not change a resource");
    expect(() => Object.setPrototypeOf(view, {})).toThrow("a rule may not change a resource");
  });

  test("takes a view of somebody else's that throws for one of an unknown value", () => {
    const foreign = new Proxy(
      { image: "x" },
      {
        get: () => {
          throw new Error("string value at .image can't be known during preview");
        },
      },
    );
    const guard = new Guard();
    expect(() => guard.view({ spec: foreign }).spec.image).toThrow(new Unproven("spec.image"));
    expect(guard.take()).toEqual(["spec.image"]);
  });
});
