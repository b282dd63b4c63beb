import { describe, expect, test } from "vitest";
import { ApiError } from "./failure.ts";
import type { JsonObject } from "./json.ts";
import {
  eventTrouble,
  foreignText,
  podTrouble,
  refusalText,
  saysImmutable,
  troubleOf,
} from "./problems.ts";

const identity = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" };
const refusal = (status: number, message: string, causes: object[] = []) =>
  new ApiError(status, { message, details: { causes } as JsonObject });
const pod = (status: JsonObject): JsonObject => ({ metadata: { name: "p" }, status });
const waiting = (reason: string, message = "", extra: JsonObject = {}) =>
  pod({
    containerStatuses: [
      { name: "main", image: "i:1", state: { waiting: { reason, message } }, ...extra },
    ],
  });

describe("refusals in words", () => {
  test("an invalid object is told by its causes, without the object the server dumps", () => {
    const dump =
      'Invalid value: {"metadata":{"labels":{"a":"b"}},"spec":{"x":"y"}}: field is immutable';
    const text = refusalText(
      refusal(422, "long", [
        { field: "spec.template", message: dump },
        { field: "spec.replicas", message: "Invalid value: -1: must be greater" },
      ]),
      identity,
    );
    expect(text).toBe(
      "Deployment shop/web is invalid: spec.template: field is immutable; spec.replicas: Invalid value: -1: must be greater",
    );
  });

  test.each([
    [
      403,
      'pods "x" is forbidden: exceeded quota: q, requested: pods=1',
      /^Deployment shop\/web exceeds the quota: .*exceeded quota: q/,
    ],
    [
      403,
      'is forbidden: violates PodSecurity "restricted:latest": privileged',
      /^Deployment shop\/web was refused by Pod Security: /,
    ],
    [
      403,
      "ValidatingAdmissionPolicy 'p' denied request: no",
      /^Deployment shop\/web was refused at admission: /,
    ],
    [
      403,
      'deployments is forbidden: User "a" cannot patch resource',
      /the credentials may not do this/,
    ],
    [429, "too many requests", /throttling/],
    [
      500,
      "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.x: field not declared in schema",
      /^Deployment shop\/web is invalid: spec\.x: field not declared in schema$/,
    ],
    [500, "boom", /^Deployment shop\/web: boom \(500\)$/],
  ])("status %i: %s", (status, message, expected) => {
    expect(refusalText(refusal(status, message), identity)).toMatch(expected);
  });

  test("a conflict names each field and its owner, and both ways out", () => {
    const causes = [
      {
        reason: "FieldManagerConflict",
        field: ".spec.replicas",
        message: 'conflict with "kubectl-edit" using apps/v1',
      },
    ];
    expect(refusalText(refusal(409, "x", causes), identity, "ours")).toBe(
      'Deployment shop/web: another manager owns fields that this program sets (as ours): spec.replicas is owned by kubectl-edit. Remove them from the program, or take them over with the annotation pulumi.com/patchForce: "true"',
    );
    expect(
      foreignText(
        { metadata: { managedFields: [{ manager: "helm" }, { manager: "helm" }] } },
        identity,
      ),
    ).toContain("(managed by helm)");
  });

  test("immutable fields are recognised by the server's words", () => {
    for (const words of [
      "spec.selector: Invalid value: x: field is immutable",
      "cannot change roleRef",
      "updates to statefulset spec for fields other than 'replicas' are forbidden",
    ]) {
      expect(saysImmutable(refusal(422, words))).toBe(true);
    }
    expect(saysImmutable(refusal(422, "spec.replicas: must be greater than 0"))).toBe(false);
  });
});

describe("why a pod is stuck", () => {
  test.each([
    [
      pod({
        conditions: [
          {
            type: "PodScheduled",
            status: "False",
            reason: "Unschedulable",
            message: "0/1 nodes are available: 1 Insufficient cpu.",
          },
        ],
      }),
      "unschedulable",
      "pod p cannot be scheduled: 0/1 nodes are available: 1 Insufficient cpu.",
    ],
    [
      waiting("ErrImagePull", "not found"),
      "image",
      "image i:1 cannot be pulled for container main of pod p (ErrImagePull): not found",
    ],
    [
      waiting("CreateContainerConfigError", 'secret "s" not found'),
      "configuration",
      'container main of pod p cannot start (CreateContainerConfigError): secret "s" not found',
    ],
    [
      waiting("CrashLoopBackOff", "", {
        restartCount: 3,
        lastState: { terminated: { reason: "Error", exitCode: 1 } },
      }),
      "crash",
      "container main of pod p keeps ending (3 restarts; last end: Error, exit code 1)",
    ],
    [pod({ phase: "Failed", reason: "Evicted" }), "crash", "pod p failed: Evicted"],
  ])("case %#", (object, kind, text) => {
    expect(podTrouble(object)).toEqual({ kind, text });
  });

  test("nothing is wrong with one that only starts", () => {
    expect(podTrouble(waiting("ContainerCreating"))).toBeUndefined();
    expect(podTrouble(pod({ phase: "Pending" }))).toBeUndefined();
  });

  test("messages of controllers are sorted by kind", () => {
    expect(troubleOf('pods "x" is forbidden: violates PodSecurity "restricted"').kind).toBe(
      "admission",
    );
    expect(troubleOf('pods "x" is forbidden: exceeded quota: q').kind).toBe("quota");
    expect(
      troubleOf('pods "x" is forbidden: status unknown for quota: q, resources: pods'),
    ).toEqual({
      kind: "other",
      text: 'quota: pods "x" is forbidden: status unknown for quota: q, resources: pods',
    });
    expect(troubleOf('admission webhook "w" denied the request').kind).toBe("admission");
    expect(troubleOf("something else").kind).toBe("other");
  });

  test("an event counts only while nothing newer contradicts it", () => {
    const event = (time: string): JsonObject => ({
      type: "Warning",
      reason: "FailedCreate",
      message: "pods is forbidden: violates PodSecurity",
      lastTimestamp: time,
    });
    const object: JsonObject = {
      metadata: { managedFields: [{ operation: "Apply", time: "2026-01-01T00:00:05Z" }] },
    };
    const pods: JsonObject[] = [{ metadata: { creationTimestamp: "2026-01-01T00:00:08Z" } }];
    expect(eventTrouble([event("2026-01-01T00:00:06Z")], object)?.kind).toBe("admission");
    expect(eventTrouble([event("2026-01-01T00:00:04Z")], object)).toBeUndefined();
    expect(eventTrouble([event("2026-01-01T00:00:06Z")], object, pods)).toBeUndefined();
    expect(eventTrouble([event("2026-01-01T00:00:09Z")], object, pods)?.kind).toBe("admission");
    expect(
      eventTrouble([{ ...event("2026-01-01T00:00:09Z"), type: "Normal" }], object),
    ).toBeUndefined();
  });
});
