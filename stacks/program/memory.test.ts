import { describe, expect, it } from "vitest";
import { memoryOf, memoryOutputs } from "./memory.ts";

describe("what a stack remembers", () => {
  it("is what its outputs held", () => {
    const memory = {
      spent: ["delete store until 2026-12-31 ab"],
      identities: { store: "prod/postgres.ha#shop.store" },
    };
    expect(memoryOf(memoryOutputs(memory))).toEqual(memory);
  });

  it("is nothing where nothing was written, and nothing is written of it", () => {
    const nothing = { spent: [], identities: {} };
    expect(memoryOf({ digest: "0", url: "https://shop.example.com" })).toEqual(nothing);
    expect(memoryOutputs(nothing)).toEqual({});
  });
});
