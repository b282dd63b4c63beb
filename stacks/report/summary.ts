import type { Verdict } from "../contract/finding.ts";
import type { Change, Operation, RunResult, StackResult } from "../contract/result.ts";
import { count } from "./style.ts";

/** Operations in the order in which they are counted. */
const OPS = ["create", "update", "replace", "delete"] as const;
export type Op = (typeof OPS)[number];

/** What the reader of a run wants first. */
export interface RunSummary {
  readonly changes: Readonly<Record<Op, number>>;
  readonly unchanged: number;
  /** Verdicts by what they mean for the reader; advisory failures are `warned`. */
  readonly verdicts: {
    readonly passed: number;
    readonly failed: number;
    readonly warned: number;
    readonly unproven: number;
    readonly waived: number;
  };
  readonly stacks: Readonly<Partial<Record<StackResult["status"], number>>>;
}

/** Counts of a run or of some of its stacks; what failed in an object is no change of it. */
export function summarize(stacks: readonly StackResult[]): RunSummary {
  const changes: Record<Op, number> = { create: 0, update: 0, replace: 0, delete: 0 };
  let unchanged = 0;
  const statuses: Partial<Record<StackResult["status"], number>> = {};
  for (const stack of stacks) {
    statuses[stack.status] = (statuses[stack.status] ?? 0) + 1;
    for (const change of stack.changes) {
      if (change.error !== undefined) continue;
      if (isOp(change.op)) changes[change.op]++;
      else unchanged++;
    }
  }
  const verdicts = stacks.flatMap((stack) => stack.verdicts);
  return {
    changes,
    unchanged,
    verdicts: {
      passed: verdicts.filter((v) => v.outcome === "pass").length,
      failed: verdicts.filter(isRefusing).length,
      warned: verdicts.filter((v) => v.outcome === "fail" && v.level === "advisory").length,
      unproven: verdicts.filter((v) => v.outcome === "unproven").length,
      waived: verdicts.filter((v) => v.outcome === "waived").length,
    },
    stacks: statuses,
  };
}

/** Whether a verdict stops an update. */
export const isRefusing = (verdict: Verdict): boolean =>
  verdict.outcome === "error" || (verdict.outcome === "fail" && verdict.level === "mandatory");

/** Whether a reader must see a verdict: everything but passed and not applicable. */
export const isNotable = (verdict: Verdict): boolean =>
  verdict.outcome !== "pass" && verdict.outcome !== "not-applicable";

export const isOp = (op: Change["op"]): op is Op => (OPS as readonly string[]).includes(op);

/** Whether the run would change or changed nothing. */
export const isUnchanged = (run: RunResult): boolean =>
  run.stacks.every((stack) => stack.changes.every((change) => !isOp(change.op)));

/** The command of an operation: `drift` is a refresh that only looks. */
export const commandOf = (operation: Operation): string =>
  operation === "refresh" ? "drift" : operation;

const DONE = { create: "created", update: "updated", replace: "replaced", delete: "deleted" };
/** What an operation says of an object, and of none. */
const WORDS: Readonly<Record<Operation, Readonly<Record<Op | "none", string>>>> = {
  preview: {
    create: "to create",
    update: "to update",
    replace: "to replace",
    delete: "to delete",
    none: "no changes",
  },
  up: { ...DONE, none: "no changes" },
  destroy: { ...DONE, none: "no changes" },
  refresh: {
    create: "found",
    update: "drifted",
    replace: "replaced",
    delete: "gone",
    none: "no drift",
  },
};

/** What is said of a change of one object: its operation, or how it drifted. */
export const changeWord = (op: Change["op"], operation: Operation): string =>
  operation === "refresh" && isOp(op) ? WORDS.refresh[op] : op;

/**
 * `3 stacks (1 refused, 1 skipped), 2 created; rules: 31 passed`: the summary of a run. What a refused stack would have
 * changed is not counted where the run was to change it; rules are told where they were asked.
 */
export function runSummary(run: RunResult): string {
  const { operation } = run;
  const touched =
    operation === "preview" ? run.stacks : run.stacks.filter(({ status }) => status !== "refused");
  const summary = summarize(run.stacks);
  const others = Object.entries(summary.stacks)
    .filter(([status]) => status !== "succeeded")
    .map(([status, number]) => `${number} ${status}`);
  const told = others.length === 0 ? "" : ` (${others.join(", ")})`;
  const rules =
    operation === "preview" || operation === "up" ? `; rules: ${verdictsText(summary)}` : "";
  return `${count(run.stacks.length, "stack")}${told}, ${changesText(summarize(touched), operation)}${rules}`;
}

/** `2 to create, 1 to update`, or `no changes`; of a refresh `1 drifted`, or `no drift`. */
export function changesText(summary: RunSummary, operation: Operation): string {
  const words = WORDS[operation];
  const parts = OPS.filter((op) => summary.changes[op] > 0).map(
    (op) => `${summary.changes[op]} ${words[op]}`,
  );
  return parts.length === 0 ? words.none : parts.join(", ");
}

/** `31 passed, 1 failed, 2 unproven`; nothing that is 0 but `passed`. */
export function verdictsText(summary: RunSummary): string {
  const { passed, failed, warned, unproven, waived } = summary.verdicts;
  return [
    `${passed} passed`,
    failed > 0 && `${failed} failed`,
    warned > 0 && `${warned} advisory`,
    unproven > 0 && `${unproven} unproven`,
    waived > 0 && `${waived} waived`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** The first line of what was rehearsed. */
export const rehearsedLine = (because: string): string => `rehearsed: ${because}`;
