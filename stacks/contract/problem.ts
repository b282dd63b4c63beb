import { CODES, type Code } from "./codes.ts";

/** One thing that is wrong, in the one shape that every room uses (docs/ARCHITECTURE.md, "Errors"). */
export interface Problem {
  /** Stable: never reused, explained by `fairway explain CODE`. */
  readonly code: Code;
  /** `user`: what was given is wrong. `internal`: a defect of ours, printed with a stack trace. */
  readonly source: "user" | "internal";
  /** What was found and what is allowed: lower case, no full stop. */
  readonly message: string;
  /** Relative to the root, with forward slashes. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in UTF-16 code units as editors count. */
  readonly column?: number;
  /** Dotted path inside the file, such as `spec.scaling.min`. */
  readonly path?: string;
  /** What to write or run instead. */
  readonly hint?: string;
  /** Page of the code, relative to the checkout: `docs/errors/FW1203.md`. */
  readonly docs?: string;
}

/** Optional parts of a problem. */
export type ProblemDetails = Partial<Omit<Problem, "code" | "message" | "docs">>;

/** Builds a problem; `source` comes from the code's entry unless told. */
export function problem(code: Code, message: string, details: ProblemDetails = {}): Problem {
  return {
    code,
    source: CODES[code].source ?? "user",
    message,
    docs: `docs/errors/${code}.md`,
    ...details,
  };
}

const BRAND = Symbol.for("fairway.dev/FairwayError");

/** Carries problems to the edge that prints them. Only the CLI prints and exits. */
export class FairwayError extends Error {
  readonly problems: readonly Problem[];
  readonly [BRAND] = true;

  constructor(problems: readonly Problem[] | Problem, options?: ErrorOptions) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map((p) => `${p.code} ${p.message}`).join("; "), options);
    this.name = "FairwayError";
    this.problems = list;
  }

  /** Survives two copies of this module (a bundle and a test). */
  static is(error: unknown): error is FairwayError {
    return typeof error === "object" && error !== null && BRAND in error;
  }
}

/** Throws one problem. */
export function fail(code: Code, message: string, details: ProblemDetails = {}): never {
  throw new FairwayError(problem(code, message, details));
}

/** Sorted by file, line, column and code: the order in which problems are printed. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      (a.file ?? "").localeCompare(b.file ?? "", "en") ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      a.code.localeCompare(b.code, "en") ||
      a.message.localeCompare(b.message, "en"),
  );
}

/** Problems without repetitions: several plans may tell of one line. */
export const onceEach = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((each) => [JSON.stringify(each), each])).values(),
];

/** Several exit codes at once: 3 before 4 before 5 before 1, then the rest in order of appearance. */
export function exitOf(problems: readonly Problem[]): number {
  const exits: readonly number[] = problems.map((p) => CODES[p.code].exit);
  for (const first of [3, 4, 5, 1]) if (exits.includes(first)) return first;
  return exits[0] ?? 0;
}
