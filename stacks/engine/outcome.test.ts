import { describe, expect, test } from "vitest";
import type { Verdict } from "../contract/finding.ts";
import type { EventSummary } from "./events.ts";
import { endingOf, isIdle, surprises } from "./outcome.ts";
import type { Outcome } from "./protocol.ts";

const URN =
  "urn:pulumi:a.local::fairway::fairway:workload:WebService$kubernetes:apps/v1:Deployment::a-deployment";
const events = (more: Partial<EventSummary> = {}): EventSummary => ({
  changes: [],
  errors: [],
  warnings: [],
  violations: [],
  outputs: {},
  outputsChanged: false,
  complete: true,
  maybeCorrupt: false,
  ...more,
});
const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  code: 0,
  signal: null,
  events: events(),
  thrown: [],
  printed: "",
  ...more,
});
const verdict = (outcome: Verdict["outcome"], more: Partial<Verdict> = {}): Verdict => ({
  rule: "no-latest",
  level: "mandatory",
  severity: "high",
  outcome,
  stack: "a.local",
  urn: URN,
  type: "kubernetes:apps/v1:Deployment",
  name: "a-deployment",
  ...more,
});
const violation = { rule: "no-latest", urn: URN, message: "is latest" };
const ending = (given: Outcome, verdicts?: readonly Verdict[], cancelled = false) => {
  const { ended, problems } = endingOf(given, verdicts, {
    stack: "a.local",
    state: "/state",
    cancelled,
  });
  return [ended, ...problems.map(({ code, message }) => `${code} ${message}`)];
};

describe("an operation", () => {
  test("ended well only with a whole event stream", () => {
    expect(ending(outcome())).toEqual(["well"]);
    expect(ending(outcome({ events: events({ complete: false }) }))).toEqual([
      "failed",
      "FW5012 the event stream of a.local is not whole: it broke off",
    ]);
    expect(ending(outcome({ streamError: "SyntaxError: no JSON" }))).toEqual([
      "failed",
      "FW5012 the event stream of a.local is not whole: SyntaxError: no JSON",
    ]);
  });
  test("fails by its resources, named once each, without the engine's own last words", () => {
    const errors = [
      { urn: URN, message: "no quota" },
      { urn: URN, message: "no quota" },
      {
        urn: "urn:pulumi:a.local::fairway::pulumi:pulumi:Stack::fairway-a.local",
        message: "update failed",
      },
    ];
    expect(
      ending(outcome({ code: 1, events: events({ errors }), printed: "error: update failed" })),
    ).toEqual(["failed", "FW5010 kubernetes:apps/v1:Deployment a-deployment: no quota"]);
  });
  test("fails by what the program threw, whatever else was said", () => {
    const thrown = [{ code: "FW3090", source: "user", message: "matches nothing" }] as const;
    expect(ending(outcome({ code: 1, thrown, printed: "error: x" }))).toEqual([
      "failed",
      "FW3090 matches nothing",
    ]);
  });
  test.each([
    ["error: write /state/x: no space left on device", "FW5002"],
    ["error: open /state/x: read-only file system", "FW5003"],
    ["error: open /state/x: permission denied", "FW5003"],
    ["error: could not reach the bucket", "FW5011"],
  ])("fails by what the engine prints: %s", (printed, code) => {
    expect(
      ending(outcome({ code: 255, printed, events: events({ complete: false }) })).join(),
    ).toContain(code);
  });
  test("is busy where another process holds the engine's lock", () => {
    const printed =
      "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///x: created by me@here (pid 42) at 2026-01-02T03:04:05Z";
    expect(ending(outcome({ code: 255, printed }))).toEqual([
      "busy",
      "FW5006 the state of a.local is locked by process 42 of me@here since 2026-01-02T03:04:05Z",
    ]);
  });
  test("was ended by a signal, cancelled, or has no stack", () => {
    expect(ending(outcome({ code: null, signal: "SIGKILL" }))).toEqual([
      "failed",
      "FW5015 the engine of a.local was ended by SIGKILL",
    ]);
    expect(ending(outcome({ code: 1 }), undefined, true)).toEqual([
      "cancelled",
      "FW5016 a.local was cancelled",
    ]);
    expect(ending(outcome(), undefined, true)).toEqual(["well"]);
    expect(ending(outcome({ code: 6, printed: "error: no stack named" }))).toEqual(["missing"]);
  });
  test("is violated where engine and judge agree, and a defect where only one of them knows", () => {
    const violated = outcome({ code: 1, events: events({ violations: [violation] }) });
    expect(ending(violated, [verdict("fail")])).toEqual(["violated"]);
    expect(ending(violated, [verdict("pass")])).toEqual([
      "failed",
      `FW5013 the engine reports a violation that the judge did not find: no-latest of ${URN}`,
    ]);
    expect(ending(outcome(), [verdict("fail")])).toEqual([
      "failed",
      `FW5013 the judge found a violation that the engine did not report: no-latest of ${URN}`,
    ]);
    expect(
      ending(outcome(), [verdict("fail", { level: "advisory" }), verdict("unproven")]),
    ).toEqual(["well"]);
  });
});

describe("a violation in an update", () => {
  test("is ours where the preview had proven the rule, and the user's where it could not", () => {
    const codes = (before: Verdict["outcome"], more: Partial<Verdict> = {}) =>
      surprises([verdict(before)], [verdict("fail", more)]).map(
        ({ code, source }) => `${code} ${source}`,
      );
    expect(codes("pass")).toEqual(["FW5014 internal"]);
    expect(codes("unproven")).toEqual(["FW5017 user"]);
    expect(codes("pass", { level: "advisory" })).toEqual([]);
  });
});

describe("an idle preview", () => {
  const change = (op: "same" | "read" | "update" | "delete", error?: string) => ({
    op,
    urn: URN,
    type: "t",
    name: "n",
    fields: [],
    ...(error && { error }),
  });
  test("has nothing but what is the same, and the same outputs", () => {
    expect(isIdle([change("same"), change("read")], false)).toBe(true);
    expect(isIdle([change("same")], true)).toBe(false);
    expect(isIdle([change("same"), change("delete")], false)).toBe(false);
    expect(isIdle([change("same", "failed")], false)).toBe(false);
  });
});
