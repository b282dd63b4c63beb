import type { Position, Positions } from "../contract/origin.ts";
import type { Origin } from "../contract/origin.ts";
import type { Problem } from "../contract/problem.ts";

/** A problem with line and column of its file and path, where it has none yet. */
export function locateProblem(problem: Problem, positions: Positions): Problem {
  if (problem.line !== undefined || problem.file === undefined) return problem;
  const found = positions.at(problem.file, problem.path ?? "");
  return found ? { ...problem, line: found.line, column: found.column } : problem;
}

/** Where an origin stands; undefined for defaults and flags. */
export const positionOf = (origin: Origin, positions: Positions): Position | undefined =>
  "file" in origin ? positions.at(origin.file, origin.path) : undefined;
