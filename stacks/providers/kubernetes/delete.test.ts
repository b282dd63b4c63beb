import { describe, expect, test } from "vitest";
import { lingering } from "./delete.ts";

describe("why a deleted object is still there", () => {
  test("a namespace tells what it still holds", () => {
    const conditions = [
      {
        type: "NamespaceContentRemaining",
        status: "True",
        message: "Some resources are remaining: pods. has 1 resource instances",
      },
      { type: "NamespaceDeletionDiscoveryFailure", status: "False", message: "fine" },
    ];
    expect(lingering({ status: { conditions }, spec: { finalizers: ["kubernetes"] } })).toBe(
      "it is being emptied: Some resources are remaining: pods. has 1 resource instances",
    );
  });

  test("finalizers are named, but for the server's own", () => {
    expect(lingering({ metadata: { finalizers: ["example.test/backup"] } })).toBe(
      "its finalizers have not ended: example.test/backup",
    );
    expect(lingering({ metadata: { finalizers: ["foregroundDeletion"] } })).toBe(
      "what depends on it is being deleted first",
    );
    expect(lingering({ metadata: {} })).toBe("it is being deleted");
  });
});
