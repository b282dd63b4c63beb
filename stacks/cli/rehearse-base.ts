import path from "node:path";
import { self } from "../../tools/setup/process.ts";
import type { Plan } from "../contract/plan.ts";
import type { Workers } from "../engine/pool.ts";
import { runStacks } from "../engine/run.ts";
import { pluginFolder } from "../engine/surroundings.ts";
import { closeSlot, openSlot, sweepSlots } from "../state/folder.ts";
import { rehearsed, worldFolder } from "../state/rehearsal.ts";
import type { Base } from "./base.ts";
import type { Site } from "./site.ts";

/** What a change starts from, where that can be told. */
export type KnownBase = Base & { readonly before: NonNullable<Base["before"]> };

/** A root in which what a change starts from was brought up. */
export interface RehearsedBase {
  readonly site: Site;
  /** Forgets all of it. */
  readonly remove: () => void;
}

/**
 * Rehearses what a change starts from into state that is thrown away, so that a preview on it shows the change: the
 * stacks that are touched, and those that they read.
 * @param touched Plans to be previewed.
 */
export async function rehearseBase(
  site: Site,
  { commit, codeChanged, before }: KnownBase,
  touched: readonly Plan[],
  more: {
    readonly engine: { readonly path: string };
    readonly workers: Workers;
    readonly parallel: number;
  },
): Promise<RehearsedBase> {
  const { context } = site;
  // What a killed preview left is removed by the next one.
  sweepSlots(context.root);
  const slot = openSlot(context.root, self(), pluginFolder(process.env));
  const root = path.join(slot.folder, "base");
  const short = commit.slice(0, 7);
  const step = context.progress.step(`base ${short}`);
  const remove = (): void => closeSlot(slot);
  try {
    const { stacks } = await runStacks({
      operation: "up",
      plans: startingPoint(before.plans, touched).map((plan) => ({ ...plan, refusals: [] })),
      environment: rehearsed(before.environment),
      root,
      rehearsal: { world: worldFolder(root), because: "", base: true },
      ...more,
      signal: context.signal,
      terminate: context.terminate,
      onProgress: ({ stack, phase, done }) => step.say(`${stack} ${phase} ${done}`),
    });
    const failed = stacks.filter(({ status }) => status !== "succeeded");
    step.end(`${stacks.length} stacks`, failed.length > 0);
    const left = failed.map(({ stack, problems }) =>
      [stack, ...problems.slice(0, 1).map(({ message }) => message)].join(": "),
    );
    const because = [
      `${site.because}; compared with ${short}`,
      ...(codeChanged ? ["what changed beside descriptors and environments does not show"] : []),
      ...(left.length > 0 ? [`of which could not be rehearsed ${left.join(", ")}`] : []),
    ].join("; ");
    return { site: { ...site, context: { ...context, root }, because }, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Plans of the stacks that a change touches, as they were, and of all that either of them reads. */
export function startingPoint(before: readonly Plan[], touched: readonly Plan[]): readonly Plan[] {
  const known = new Map(before.map((plan) => [plan.stack, plan]));
  const wanted = new Set<string>();
  const want = (stack: string): void => {
    const plan = known.get(stack);
    if (!plan || wanted.has(stack)) return;
    wanted.add(stack);
    readBy(plan).forEach(want);
  };
  for (const plan of touched) [plan.stack, ...readBy(plan)].forEach(want);
  return before.filter(({ stack }) => wanted.has(stack));
}

/** Stacks whose outputs a plan reads. */
const readBy = (plan: Plan): string[] =>
  plan.items
    .filter(({ component }) => component === "shared-reference")
    .map(({ args }) => String(args["stack"]));
