/** What is known of an error code before it happens. The page `docs/errors/<code>.md` is generated from it. */
export interface CodeEntry {
  /** Short name of the problem, lower case. */
  readonly title: string;
  /** Process exit code: 1 failed, 2 usage, 3 invalid input, 4 refused, 5 drift or stale, 6 busy, 7 not found, 130 cancelled. */
  readonly exit: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 130;
  /** Why the platform refuses it. */
  readonly why: string;
  /** What to do, in words. */
  readonly fix: string;
  /** Default `user`. */
  readonly source?: "internal";
}

const entry = (exit: CodeEntry["exit"], title: string, why: string, fix: string): CodeEntry => ({
  exit,
  title,
  why,
  fix,
});

/**
 * Every error code, by block: 10 YAML, 11 schema, 12 meaning of a descriptor, 13 Score, 20 environments, 21 releases,
 * 30 plan, 40 rules and refusals, 50 engine and state, 60 Kubernetes, 70 command line, 80 tools, 90 ours.
 */
export const CODES = {
  // 10: YAML
  // 11: schema
  // 12: meaning of a descriptor
  // 13: Score
  // 20: environments
  // 21: releases
  // 30: plan
  // 40: rules and refusals
  // 50: engine and state
  // 60: Kubernetes
  // 70: command line
  // 80: tools
  // 90: ours
  FW9000: {
    ...entry(
      1,
      "a defect of Fairway",
      "Something happened that the code says cannot happen.",
      "Report it with the printed stack trace and the command.",
    ),
    source: "internal",
  },
} as const satisfies Record<string, CodeEntry>;

/** A stable error code. */
export type Code = keyof typeof CODES;
