import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Json } from "../../stacks/contract/value.ts";
import { mergePatch } from "./merge-patch.ts";

/** Appendix A of RFC 7386: original, patch, result. */
const CASES: readonly (readonly [Json, Json, Json])[] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

describe("merge patch", () => {
  it.each(CASES)("gives what RFC 7386 says for %j and %j", (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it("leaves the target as it was", () => {
    const target = { a: { b: 1 } };
    mergePatch(target, { a: { b: 2 } });
    expect(target).toEqual({ a: { b: 1 } });
  });

  it("merges into values that are known later", async () => {
    const merged = mergePatch({ spec: output({ a: 1, b: 2 }) }, { spec: { b: null, c: 3 } });
    const spec = await new Promise((resolve) =>
      output((merged as { spec: Promise<object> }).spec).apply(resolve),
    );
    expect(spec).toEqual({ a: 1, c: 3 });
  });
});
