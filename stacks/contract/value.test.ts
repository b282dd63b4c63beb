import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./value.ts";

describe("canonicalJson", () => {
  it("sorts keys, leaves out what is undefined, and keeps lists in order", () => {
    expect(canonicalJson({ b: [2, undefined, { d: 1, c: null }], a: "ä\n", x: undefined })).toBe(
      '{"a":"ä\\n","b":[2,null,{"c":null,"d":1}]}',
    );
    expect(canonicalJson(undefined)).toBe("null");
    expect(canonicalJson([])).toBe("[]");
  });

  it("is JSON of the same value, whatever the order of its keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });
});

/** The same value with the keys of every map in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
