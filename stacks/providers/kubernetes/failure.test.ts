import { describe, expect, test } from "vitest";
import {
  ApiError,
  ConnectionError,
  isMissingNamespace,
  isOwnershipConflict,
  retryDelay,
  whyNoDryRun,
} from "./failure.ts";

const refusal = (status: number, message = "x", extra: object = {}) =>
  new ApiError(status, { message, ...extra });

describe("trying again", () => {
  test.each([
    ["throttling", refusal(429), true],
    ["an internal error", refusal(500), true],
    ["an overloaded server", refusal(503), true],
    ["a lost race", refusal(409, "the object has been modified", { reason: "Conflict" }), true],
    ["a quota that is still counted", refusal(403, "status unknown for quota: q"), true],
    [
      "a service account on its way",
      refusal(
        403,
        'error looking up service account a/default: serviceaccount "default" not found',
      ),
      true,
    ],
    ["a cut connection", new ConnectionError("ECONNRESET", "x"), true],
    ["invalid input", refusal(422), false],
    ["an admission refusal", refusal(403, "denied"), false],
    ["an existing object", refusal(409, "already exists", { reason: "AlreadyExists" }), false],
    [
      "another manager's field",
      refusal(409, "conflict", {
        reason: "Conflict",
        details: { causes: [{ reason: "FieldManagerConflict" }] },
      }),
      false,
    ],
    [
      "a field that the schema does not know",
      refusal(500, "failed to create typed patch object: .spec.x: field not declared in schema"),
      false,
    ],
    ["an untrusted certificate", new ConnectionError("SELF_SIGNED_CERT_IN_CHAIN", "x"), false],
    ["a defect of ours", new Error("x"), false],
  ])("helps with %s: %#", (_, error, helps) => {
    expect(retryDelay(error, 0) !== undefined).toBe(helps);
  });

  test("waits longer each time, up to five seconds, and ends", () => {
    const delays = Array.from({ length: 9 }, (_, attempt) => retryDelay(refusal(503), attempt));
    expect(delays).toEqual([100, 200, 400, 800, 1600, 3200, 5000, undefined, undefined]);
    expect(retryDelay(new ConnectionError("ECONNREFUSED", "x"), 5)).toBeUndefined();
    expect(retryDelay(new ConnectionError("ETIMEDOUT", "x"), 1)).toBeUndefined();
  });

  test("does as the server asks, within half a minute", () => {
    expect(retryDelay(new ApiError(429, {}, 2_000), 0)).toBe(2_000);
    expect(retryDelay(new ApiError(429, {}, 600_000), 0)).toBe(30_000);
    expect(retryDelay(refusal(429, "x", { details: { retryAfterSeconds: 3 } }), 0)).toBe(3_000);
  });

  test("a dry run does not wait for what only the real operation brings", () => {
    expect(retryDelay(refusal(403, "status unknown for quota: q"), 0, true)).toBeUndefined();
  });
});

describe("refusals", () => {
  test("are told apart by what they are about", () => {
    expect(isMissingNamespace(refusal(404, "x", { details: { kind: "namespaces" } }))).toBe(true);
    expect(isMissingNamespace(refusal(404, "x", { details: { kind: "configmaps" } }))).toBe(false);
    expect(
      isOwnershipConflict(
        refusal(409, "x", { details: { causes: [{ reason: "FieldManagerConflict" }] } }),
      ),
    ).toBe(true);
    expect(
      whyNoDryRun(
        refusal(403, 'configmaps is forbidden: User "a" cannot patch resource "configmaps"'),
      ),
    ).toBe("these credentials may not write");
    expect(whyNoDryRun(refusal(403, "violates PodSecurity"))).toBeUndefined();
  });

  test("carry the server's text, also when it is no Status", () => {
    expect(refusal(422, "no").message).toBe("no");
    expect(new ApiError(502, "<html>bad gateway</html>").message).toBe("<html>bad gateway</html>");
    expect(new ApiError(502, "").message).toBe("the API server answered 502");
  });
});
