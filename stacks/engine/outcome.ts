import type { Verdict } from "../contract/finding.ts";
import { FairwayError, type Problem, problem } from "../contract/problem.ts";
import type { Change } from "../contract/result.ts";
import { locksIn } from "../state/repair.ts";
import { storageProblem } from "../state/storage.ts";
import { nameOf } from "./event-reader.ts";
import type { Outcome } from "./protocol.ts";

/** What an engine operation came to, beside its changes. */
export interface Ending {
  readonly ended: "well" | "failed" | "violated" | "busy" | "missing" | "cancelled";
  readonly problems: readonly Problem[];
}

/** Exit code of the engine where the stack does not exist. */
const NO_SUCH_STACK = 6;

/**
 * Reads how an operation ended. What is not certain is a failure: an event stream that broke off, a violation that
 * only the engine or only the judge saw.
 * @param verdicts Undefined where nothing was judged.
 */
export function endingOf(
  outcome: Outcome,
  verdicts: readonly Verdict[] | undefined,
  about: { readonly stack: string; readonly state: string; readonly cancelled: boolean },
): Ending {
  const { code, signal, events, printed } = outcome;
  if (printed.includes("the stack is currently locked by"))
    return { ended: "busy", problems: [lockProblem(about.stack, printed)] };
  const storage =
    storageProblem(outcome.streamError ?? "", "the folder of the run") ??
    (code === 0 ? undefined : storageProblem(printed, about.state));
  if (storage) return { ended: "failed", problems: [storage] };
  if (outcome.thrown.length > 0 && !about.cancelled)
    return { ended: "failed", problems: outcome.thrown };
  if (code === NO_SUCH_STACK && events.changes.length === 0)
    return { ended: "missing", problems: [] };
  if (about.cancelled && code !== 0)
    return { ended: "cancelled", problems: [cancelled(about.stack)] };
  if (signal !== null) {
    const text = `the engine of ${about.stack} was ended by ${signal}`;
    return { ended: "failed", problems: [problem("FW5015", text)] };
  }
  const broken = streamProblem(outcome, about.stack);
  const disagreements = disagreementsOf(outcome, verdicts);
  const failures = failuresOf(outcome);
  const violated = disagreements.length === 0 && events.violations.length > 0;
  if (code === 0 || (violated && failures.length === 0)) {
    const problems = [...broken, ...disagreements];
    return { ended: problems.length > 0 ? "failed" : violated ? "violated" : "well", problems };
  }
  const said = [...disagreements, ...failures];
  return {
    ended: violated ? "violated" : "failed",
    problems: said.length > 0 ? said : [...broken, engineProblem(outcome, about.stack)],
  };
}

/** What a stack that was cancelled is left with. */
export const cancelled = (stack: string): Problem =>
  problem("FW5016", `${stack} was cancelled`, {
    hint: "run the command again: it goes on from where this one stopped",
  });

function streamProblem({ events, streamError, code }: Outcome, stack: string): Problem[] {
  if (events.complete && streamError === undefined) return [];
  const why = streamError ?? (code === 0 ? "it broke off" : "it never ended");
  return [problem("FW5012", `the event stream of ${stack} is not whole: ${why}`)];
}

/** Mandatory violations that only the engine or only the judge knows. */
function disagreementsOf({ events }: Outcome, verdicts: readonly Verdict[] | undefined): Problem[] {
  const key = ({ rule, urn }: { rule: string; urn: string }): string => `${rule} of ${urn}`;
  const seen = new Set(events.violations.map(key));
  const judged = new Set(
    (verdicts ?? [])
      .filter(
        ({ level, outcome }) =>
          level === "mandatory" && (outcome === "fail" || outcome === "error"),
      )
      .map(key),
  );
  return [
    ...[...seen]
      .filter((one) => !judged.has(one))
      .map((one) => `the engine reports a violation that the judge did not find: ${one}`),
    ...[...judged]
      .filter((one) => !seen.has(one))
      .map((one) => `the judge found a violation that the engine did not report: ${one}`),
  ].map((message) => problem("FW5013", message));
}

/** What failed, resource by resource. */
function failuresOf({ events }: Outcome): Problem[] {
  const summary = /^(update|preview|destroy|refresh) failed$/;
  const own = events.errors.filter(({ message }) => !summary.test(message));
  const seen = new Set<string>();
  return own.flatMap(({ urn, message }) => {
    const about =
      urn === undefined || urn.includes("::pulumi:pulumi:Stack::")
        ? ""
        : `${typeOf(urn)} ${nameOf(urn)}: `;
    const text = `${about}${message}`;
    if (seen.has(text)) return [];
    seen.add(text);
    return [problem("FW5010", text)];
  });
}

function engineProblem({ code, printed }: Outcome, stack: string): Problem {
  const text = printed
    .replace(/^\s*error:\s*/gim, "")
    .replace(/\s*\n\s*/g, "; ")
    .trim();
  return problem(
    "FW5011",
    `the engine failed on ${stack} with code ${code}: ${text || "it said nothing"}`,
  );
}

/** Says who holds the engine's lock, from what the engine prints of it. */
export function lockProblem(stack: string, printed: string): Problem {
  const holders = locksIn(printed).map(
    ({ pid, user, hostname, since }) => `process ${pid} of ${user}@${hostname} since ${since}`,
  );
  return problem(
    "FW5006",
    `the state of ${stack} is locked${holders.length > 0 ? ` by ${holders.join(", ")}` : ""}`,
    {
      hint: "wait until it has ended; a lock that a dead process of another machine left is removed with `pulumi cancel`",
    },
  );
}

const typeOf = (urn: string): string => (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";

/**
 * Violations that the update met: one of a rule that the preview had proven to pass is a defect of ours, one that the
 * preview could not decide stops the stack.
 */
export function surprises(before: readonly Verdict[], after: readonly Verdict[]): Problem[] {
  const undecided = new Set(
    before.filter(({ outcome }) => outcome === "unproven").map(({ rule, urn }) => `${rule} ${urn}`),
  );
  return after
    .filter(({ level, outcome }) => level === "mandatory" && outcome === "fail")
    .map(({ rule, urn, name, type, message }) => {
      const text = `${rule}: ${type.split(":").at(-1) ?? type} ${name}: ${message ?? "violated"}`;
      return undecided.has(`${rule} ${urn}`)
        ? problem("FW5017", text, { hint: `fairway explain ${rule}` })
        : problem("FW5014", text);
    });
}

/** Whether a preview says that an update would do nothing. */
export function isIdle(changes: readonly Change[], outputsChanged: boolean): boolean {
  return (
    !outputsChanged &&
    changes.every(({ op, error }) => (op === "same" || op === "read") && error === undefined)
  );
}

/** An error as problems: a defect of ours unless it says otherwise. */
export function problemsOf(error: unknown, what: string): readonly Problem[] {
  if (FairwayError.is(error)) return error.problems;
  const { code, path, syscall = "" } = error as NodeJS.ErrnoException;
  const storage = syscall.startsWith("spawn")
    ? undefined
    : storageProblem(code ?? "", path ?? ".fairway");
  if (storage) return [storage];
  const { stack, message } =
    error instanceof Error ? error : { stack: undefined, message: String(error) };
  return [problem("FW9000", `${what}: ${message}`, stack ? { hint: stack } : {})];
}
