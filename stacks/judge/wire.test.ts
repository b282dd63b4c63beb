import { runtime } from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { UNKNOWN } from "../contract/value.ts";
import { isUnknown, redact, unwrap } from "./wire.ts";

const secret = (value: unknown) => ({
  [runtime.specialSigKey]: runtime.specialSecretSig,
  value,
});

test("reads Pulumi's wire form: secrets are unwrapped and remembered, unknown values stay", () => {
  const given = {
    plain: "a",
    hidden: secret("hunter2"),
    open: runtime.unknownValue,
    deep: { list: [secret({ user: "me", password: secret("s3cret"), open: UNKNOWN })] },
  };
  expect(unwrap(given)).toEqual({
    props: {
      plain: "a",
      hidden: "hunter2",
      open: UNKNOWN,
      deep: { list: [{ user: "me", password: "s3cret", open: UNKNOWN }] },
    },
    secrets: ["hunter2", "me", "s3cret"],
  });
  expect(isUnknown(runtime.unknownValue)).toBe(true);
});

test("an output without a value is unknown", () => {
  const signature = runtime.specialSigKey;
  expect(unwrap({ a: { [signature]: runtime.specialOutputValueSig } }).props).toEqual({
    a: UNKNOWN,
  });
  expect(
    unwrap({ a: { [signature]: runtime.specialOutputValueSig, value: "x", secret: true } }),
  ).toEqual({ props: { a: "x" }, secrets: ["x"] });
});

test("redacts the longest secrets first, and leaves the shortest", () => {
  expect(redact("abcdef abc ab", ["abc", "abcdef", "ab"])).toBe("[secret] [secret] ab");
});
