import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseQuantity } from "../../contract/quantity.ts";
import { canonicalQuantity, withCanonicalQuantities } from "./quantity.ts";

describe("canonical quantities", () => {
  test.each([
    ["0.5", "500m"],
    ["1000m", "1"],
    ["1500m", "1500m"],
    [2, "2"],
    [0.25, "250m"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["1000Ki", "1000Ki"],
    ["1000M", "1G"],
    ["1536", "1536"],
    ["0", "0"],
    ["0Mi", "0"],
    ["100m", "100m"],
    ["0.1", "100m"],
    ["1e3", "1e3"],
    ["lots", "lots"],
    ["", ""],
  ])("%s is written %s", (given, canonical) => {
    expect(canonicalQuantity(given)).toBe(canonical);
  });

  test("the canonical form has the same value and is its own canonical form", () => {
    const quantity = fc
      .tuple(fc.nat(1_000_000), fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi"))
      .map(([number, suffix]) => `${number}${suffix}`);
    fc.assert(
      fc.property(quantity, (text) => {
        const canonical = canonicalQuantity(text);
        expect(parseQuantity(canonical)).toBeCloseTo(parseQuantity(text)!, 6);
        expect(canonicalQuantity(canonical)).toBe(canonical);
      }),
    );
  });

  test("only quantities change, and only in built-in kinds", () => {
    const spec = {
      containers: [
        { args: ["1000m"], resources: { limits: { cpu: "1000m", "example.test/gpu": 1 } } },
      ],
      limits: "1000m",
    };
    expect(withCanonicalQuantities({ apiVersion: "v1", spec })).toEqual({
      apiVersion: "v1",
      spec: {
        ...spec,
        containers: [
          { args: ["1000m"], resources: { limits: { cpu: "1", "example.test/gpu": "1" } } },
        ],
      },
    });
    expect(withCanonicalQuantities({ apiVersion: "example.test/v1", spec })).toEqual({
      apiVersion: "example.test/v1",
      spec,
    });
  });
});
