import { describe, expect, it } from "vitest";
import { cyclesOf } from "./cycles.ts";

const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

describe("cyclesOf", () => {
  it("finds none in a tree, and ignores unknown nodes", () => {
    expect(cyclesOf(graph({ a: ["b", "c"], b: ["c"], c: ["elsewhere"] }))).toEqual([]);
  });

  it("names a cycle from its first member, closed", () => {
    expect(cyclesOf(graph({ z: ["c"], c: ["b"], b: ["a"], a: ["c"] }))).toEqual([
      ["a", "c", "b", "a"],
    ]);
  });

  it("finds a node that depends on itself, and cycles apart from each other", () => {
    expect(cyclesOf(graph({ a: ["a"], b: ["c"], c: ["b"] }))).toEqual([
      ["a", "a"],
      ["b", "c", "b"],
    ]);
  });

  it("walks a chain of 20,000 without exhausting the stack", () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`n${index}`, [`n${index + 1}`]]),
    );
    expect(cyclesOf(graph(chain))).toEqual([]);
  });
});
