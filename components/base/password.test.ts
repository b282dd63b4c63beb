import { describe, expect, it } from "vitest";
import { derivePassword } from "./password.ts";

const key = new Uint8Array(32).fill(7);

describe("derived passwords", () => {
  it("stay what they are: a changed derivation would lock everybody out", () => {
    expect(derivePassword(key, "postgres.default#shop.database", 1)).toBe(
      "jKZ29FYcIZzCNgTJiSSKOBuL",
    );
  });

  it("differ by key, identity and rotation", () => {
    const all = [
      derivePassword(key, "a", 1),
      derivePassword(key, "a", 2),
      derivePassword(key, "b", 1),
      derivePassword(key, "a\n1", 1),
      derivePassword(new Uint8Array(32), "a", 1),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it("are letters and digits of the asked length", () => {
    for (let rotation = 0; rotation < 500; rotation++)
      expect(derivePassword(key, "x", rotation, 64)).toMatch(/^[A-Za-z0-9]{64}$/);
  });

  it("fails for a key of another size", () => {
    expect(() => derivePassword(new Uint8Array(16), "a", 1)).toThrow("32 bytes");
  });
});
