import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { Context, Input } from "./command.ts";
import { SILENT } from "./progress.ts";
import { FairwayError } from "../contract/problem.ts";

/** Surroundings of a command for tests: no terminal, no colours, a fixed clock, empty standard input. */
export function contextOf(root: string, more: Partial<Context> = {}): Context {
  return {
    root,
    checkout: checkoutRoot(),
    env: {},
    json: false,
    quiet: true,
    color: false,
    columns: Infinity,
    terminal: false,
    signal: new AbortController().signal,
    terminate: new AbortController().signal,
    progress: SILENT,
    now: () => new Date("2026-11-21T12:00:00Z"),
    stdin: async () => "",
    ...more,
  };
}

/** Operands and flags as the parser gives them. */
export const input = (operands: readonly string[], flags: Input["flags"] = {}): Input => ({
  operands,
  flags,
});

/** `CODE message | hint` of each problem that an action throws. */
export async function problemsOf(act: () => unknown): Promise<string[]> {
  try {
    await act();
  } catch (error) {
    if (!FairwayError.is(error)) throw error;
    return error.problems.map(({ code, message, hint }) => `${code} ${message} | ${hint}`);
  }
  return [];
}
