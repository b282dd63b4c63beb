import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import type { Environment } from "../contract/environment.ts";
import { fail } from "../contract/problem.ts";
import { rehearsedLine } from "../report/summary.ts";
import { rehearsalRoot, rehearsed } from "../state/rehearsal.ts";
import type { Context, Input } from "./command.ts";
import { type Surroundings, missingCredentials } from "./credentials.ts";

/** Where a command works on an environment: for real, or in rehearsal. */
export interface Site {
  /** With the root that holds state, key, leases and runs. */
  readonly context: Context;
  /** With the state that is meant. */
  readonly environment: Environment;
  /** Why it is rehearsed; absent: it is not. */
  readonly because?: string;
  /** A rehearsal of a command that only looks: it may start from what is committed. */
  readonly looks?: boolean;
}

/**
 * Where a command works: in rehearsal where `--rehearse` asks for it, and, for those that only look, where credentials
 * are missing.
 * @param looks The command may rehearse by itself.
 * @throws FairwayError FW5031 where credentials are missing and nobody asked for a rehearsal.
 */
export function siteOf(
  context: Context,
  input: Input,
  environment: Environment,
  looks: "looks" | "acts",
): Site {
  const aside = (because: string): Site => ({
    context: { ...context, root: rehearsalRoot(context.root, environment.name) },
    environment: rehearsed(environment),
    because,
    looks: looks === "looks",
  });
  if (input.flags["rehearse"] === true) return aside("nothing was contacted");
  const missing = missingCredentials(environment, surroundingsOf(context));
  if (missing.length === 0) return { context, environment };
  if (looks === "looks")
    return aside(
      `nothing was contacted, since there is ${missing.map(({ what }) => what).join(", ")} here`,
    );
  return fail(
    "FW5031",
    `\`${environment.name}\` cannot be reached from here: there is ${missing.map(({ what, why }) => `${what} (${why})`).join(", ")}`,
    {
      file: environment.file,
      hint: "provide them (for AWS `aws sso login` or AWS_PROFILE, for the cluster `aws eks update-kubeconfig`, for the key FAIRWAY_KEY); or rehearse it with `--rehearse`",
    },
  );
}

function surroundingsOf({ env, root }: Context): Surroundings {
  return {
    env,
    root,
    home: env["HOME"] || homedir(),
    read: (file) => {
      try {
        return readFileSync(file, "utf8");
      } catch {
        return undefined;
      }
    },
  };
}

/** A text whose first line says that it was rehearsed, if it was. */
export const rehearsedText = (because: string | undefined, text: string): string =>
  because === undefined ? text : `${rehearsedLine(because)}\n\n${text}`;
