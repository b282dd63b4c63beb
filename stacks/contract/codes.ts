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
  FW7001: entry(
    2,
    "unknown command",
    "The first words of a command line name a command.",
    "Run `fairway --help` for all commands.",
  ),
  FW7002: entry(
    2,
    "unknown or misused flag",
    "A flag that is not known may be a mistyped one.",
    "Run the command with `--help` for its flags.",
  ),
  FW7003: entry(
    2,
    "too few or too many operands",
    "A command acts on what its operands name.",
    "Run the command with `--help` for its operands.",
  ),
  FW7004: entry(
    2,
    "bad value of a flag",
    "The value cannot be used.",
    "Write a value of the kind that the message names.",
  ),
  FW7005: entry(
    2,
    "nothing was selected",
    "A command that changes or previews things acts only on what is named.",
    "Name services, or write `--all`.",
  ),
  FW7006: entry(
    7,
    "no such service",
    "No descriptor of the root and no stack has the name.",
    "Run `fairway status` or `fairway validate` for the names.",
  ),
  FW7007: entry(
    7,
    "no such environment",
    "The name has no file under environments/.",
    "Use the name of one of the files under environments/.",
  ),
  FW7008: entry(
    2,
    "needs --yes",
    "What is destroyed is gone.",
    "Read what would be destroyed, then run the command again with `--yes`.",
  ),
  FW7009: entry(
    7,
    "not a root",
    "A root is a folder with `environments/` and `services/`.",
    "Give the folder with `--root DIR`.",
  ),
  FW7010: entry(
    7,
    "unknown code or rule",
    "Only codes and rules of this version can be explained.",
    "Copy the code from the message.",
  ),
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
