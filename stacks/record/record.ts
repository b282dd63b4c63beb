import { runtime } from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state.js";
import type { ResourceView } from "../contract/finding.ts";
import type { Plan } from "../contract/plan.ts";
import type { ProgramContext } from "../program/context.ts";
import { program } from "../program/program.ts";
import { RecordingMonitor, type RecordingOptions } from "./monitor.ts";

/** Runs a function with a Pulumi runtime of its own; the SDK's language server does the same for each run. */
const { withLocalStorage } = state as unknown as {
  withLocalStorage<T>(body: () => Promise<T>): Promise<T>;
};

const PROJECT = "fairway";
/** What backends without organizations say. */
const ORGANIZATION = "organization";

/**
 * What the program of a plan would register, without an engine, a cluster or a network: for rules, differences and
 * snapshots. Unknown values are `UNKNOWN`, secret ones `SECRET` (monitor.ts). Sorted by URN.
 * @param options Parts of the program's context; by default a key of zeros and no stack with state.
 * @throws FairwayError as `program` does.
 */
export function record(plan: Plan, options: Partial<ProgramContext> = {}): Promise<ResourceView[]> {
  const context = {
    key: new Uint8Array(32),
    sharedStacks: new Set<string>(),
    kubernetes: {},
    ...options,
  };
  return recordProgram(plan.stack, () => program(plan, context));
}

/**
 * The same with every secret in clear, for who writes them where only their owner reads them.
 * @param key The environment's key: passwords are derived from it.
 * @param given Stack → outputs of the stacks that this one refers to.
 * @returns What is registered, and the stack's outputs as far as they are known.
 */
export async function reveal(
  plan: Plan,
  key: Uint8Array,
  given: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Promise<{
  readonly views: readonly ResourceView[];
  readonly outputs: Readonly<Record<string, string>>;
}> {
  const context = { key, sharedStacks: new Set(given.keys()), kubernetes: {} };
  const outputs: Record<string, string> = {};
  const views = await recordProgram(
    plan.stack,
    async () => {
      for (const [name, value] of Object.entries(await program(plan, context))) {
        // Applying says nothing of what is not known, so it would be waited for in vain.
        const { isKnown } = value as unknown as { readonly isKnown: Promise<boolean> };
        if (await isKnown) outputs[name] = await new Promise<string>((done) => value.apply(done));
      }
    },
    { reveal: true, outputs: given },
  );
  return { views, outputs };
}

/** The same for any Pulumi program. */
export function recordProgram(
  stack: string,
  body: () => Promise<unknown>,
  options: RecordingOptions = {},
): Promise<ResourceView[]> {
  return withLocalStorage(async () => {
    const monitor = new RecordingMonitor(PROJECT, stack, options);
    runtime.setMockOptions(monitor, PROJECT, stack, true, ORGANIZATION);
    const failures: unknown[] = [];
    // The stack resource rejects several promises of its own when its program fails, so that it never hears of it.
    await runtime.runInPulumiStack(() =>
      body().catch((error: unknown) => {
        failures.push(error);
      }),
    );
    await runtime.disconnect();
    if (failures.length > 0) throw failures[0];
    return monitor.views.sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
  });
}
