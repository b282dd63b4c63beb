import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject, Path } from "./json.ts";
import {
  decode,
  encode,
  followSecrets,
  hasUnknown,
  mark,
  redact,
  secretTexts,
  UNKNOWN,
} from "./values.ts";

const key = fc.stringMatching(/^[a-z][a-z./-]{0,5}$/);
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
})).value;
const bag = fc.dictionary(key, json, { maxKeys: 4 }) as fc.Arbitrary<JsonObject>;

describe("property bags", () => {
  test("what is encoded with secrets is decoded with the same values and the same secret paths", () => {
    fc.assert(
      fc.property(bag, fc.nat(), (value, seed) => {
        const paths = leaves(value);
        const secrets = paths.length === 0 ? [] : [paths[seed % paths.length]!];
        const back = decode(encode(value, secrets));
        expect(back.value).toEqual(value);
        expect(back.secrets).toEqual(secrets);
      }),
    );
  });

  test("a secret inside a list is found where it stands, nulls are dropped and unknowns stay in place", () => {
    const value = {
      spec: {
        env: [
          { name: "A", value: "x" },
          { name: "B", value: "s3cret" },
        ],
        gone: null,
        later: UNKNOWN,
      },
    };
    const back = decode(encode(value as JsonObject, [["spec", "env", 1, "value"]]));
    expect(back.value).toEqual({ spec: { env: value.spec.env, later: UNKNOWN } });
    expect(back.secrets).toEqual([["spec", "env", 1, "value"]]);
    expect(hasUnknown(back.value)).toBe(true);
    expect(hasUnknown({ a: ["b"] })).toBe(false);
  });

  test("a path that leads nowhere marks nothing", () => {
    expect(mark({ a: { b: 1 } }, [["a", "c"], ["x"], ["a", "b", "d"]])).toEqual({ a: { b: 1 } });
  });

  test("a secret in a list that the server reordered or added to takes the whole list", () => {
    const inputs = { spec: { env: [{ name: "A" }, { name: "B", value: "s" }] } };
    const secrets: Path[] = [["spec", "env", 1, "value"]];
    const aligned = {
      spec: {
        env: [
          { name: "A", extra: 1 },
          { name: "B", value: "s" },
        ],
      },
    };
    expect(followSecrets(secrets, inputs, aligned)).toEqual(secrets);
    for (const env of [
      [{ name: "B", value: "s" }, { name: "A" }],
      [{ name: "Z" }, { name: "A" }, { name: "B", value: "s" }],
    ]) {
      expect(followSecrets(secrets, inputs, { spec: { env } })).toEqual([["spec", "env"]]);
    }
  });

  test("secrets are taken out of texts, also what base64 hides", () => {
    const texts = secretTexts({
      value: { data: { a: Buffer.from("hunter2!").toString("base64"), b: "abc" }, other: "shown" },
      secrets: [["data"]],
    });
    const text = redact(
      `Invalid value: "${Buffer.from("hunter2!").toString("base64")}" (hunter2!) shown abc`,
      texts,
    );
    expect(text).toBe('Invalid value: "[secret]" ([secret]) shown abc');
  });
});

function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return path.length > 0 ? [path] : [];
  return Object.entries(value).flatMap(([step, item]) =>
    leaves(item, [...path, Array.isArray(value) ? Number(step) : step]),
  );
}
