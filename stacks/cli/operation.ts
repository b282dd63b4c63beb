import path from "node:path";
import type { Environment } from "../contract/environment.ts";
import type { Plan } from "../contract/plan.ts";
import { exitOf, FairwayError, problem, type Problem } from "../contract/problem.ts";
import type { Operation, RunResult } from "../contract/result.ts";
import type { Workspace } from "../contract/workspace.ts";
import { prewarm } from "../engine/pool.ts";
import { readOutputs } from "../state/checkpoint.ts";
import { openBackend } from "../state/backend.ts";
import { rehearsedIn, rehearsedProblem, worldFolder } from "../state/rehearsal.ts";
import type { Progress as StackProgress } from "../engine/progress.ts";
import { runStacks } from "../engine/run.ts";
import { locate } from "../judge/locate.ts";
import { readLevels } from "../judge/organisation.ts";
import { startCarrier } from "../judge/start-carrier.ts";
import { locateProblem } from "../plan/locate.ts";
import { comparisonLine } from "../report/cost-text.ts";
import { runMarkdown } from "../report/run-markdown.ts";
import { runText } from "../report/run-text.ts";
import { commandOf } from "../report/summary.ts";
import { chooseDeployed, chooseDescribed } from "./choose.ts";
import type { CommandResult, Context, Input, Step } from "./command.ts";
import { costOfChange, refuseOverBudget } from "./costs.ts";
import { firstCluster } from "./first-cluster.ts";
import { refuseUnservedKinds } from "./kinds.ts";
import { recallPast } from "./past.ts";
import { notesOf, plansOf, readWorkspace } from "./planning.ts";
import { type RehearsedBase, rehearseBase } from "./rehearse-base.ts";
import { endRetirement, refuseUsed } from "./retire.ts";
import { type StoredSecrets, refuseAbsentSecrets } from "./secrets.ts";
import { selectEnvironments } from "./select.ts";
import { type Site, rehearsedText, siteOf } from "./site.ts";
import { backendFor, engineFor, kubeconfigFor } from "./surroundings.ts";
import { demandWritable, writeNamed } from "./write.ts";

/** `preview`, `up`, `destroy`, `retire` (a `destroy` for good) and `drift`: read, plan, choose stacks, run them, tell. A run that cannot begin is reported too. */
export async function operate(
  context: Context,
  input: Input,
  operation: Operation,
  retire = false,
): Promise<CommandResult> {
  const report = reportOf(input);
  if (report !== undefined) demandWritable(report);
  try {
    return await perform(context, input, operation, retire);
  } catch (error) {
    if (FairwayError.is(error)) {
      const { problems } = error;
      const environment = (input.flags["env"] as string | undefined) ?? "local";
      writeReport(input, { ...noRun(operation, environment), problems, exit: exitOf(problems) });
    }
    throw error;
  }
}

async function perform(
  context: Context,
  input: Input,
  operation: Operation,
  retire: boolean,
): Promise<CommandResult> {
  const judged = operation === "preview" || operation === "up";
  // Both load while the descriptors are read.
  const workers = prewarm(1);
  const carrier = judged ? startCarrier() : undefined;
  // What it throws is told where it is awaited.
  carrier?.catch(() => {});
  let based: RehearsedBase | undefined;
  try {
    const workspace = await readWorkspace(context, input);
    const [name] = selectEnvironments(workspace, input, "local");
    const environment = workspace.environments[name!]!;
    const declared = siteOf(
      context,
      input,
      environment,
      operation === "preview" ? "looks" : "acts",
    );
    const levels = readLevels(path.join(context.checkout, "policies", "levels.yaml"));
    const chosen = judged
      ? await chooseDescribed(context, input, workspace, declared)
      : {
          plans: await chooseDeployed(context, input, workspace, declared, operation, retire),
          site: declared,
          notes: [],
        };
    const { site } = chosen;
    if (operation === "destroy" && input.flags["yes"] !== true && chosen.plans.length > 0)
      refuseWithoutYes(chosen.plans);
    if (chosen.plans.length === 0) return nothingToDo(input, operation, site, chosen.notes);
    const everything = () => plansOf(context, workspace, NO_INPUT, [environment.name]);
    if (retire) await refuseUsed(site, workspace, chosen.plans[0]!, everything());
    const past = judged
      ? await recallPast(site, workspace, chosen.plans, everything)
      : { plans: chosen.plans, notes: [] };
    const allowed = judged
      ? refuseOverBudget(context, workspace, environment, levels, past.plans)
      : past.plans;
    const engine = await engineFor(context);
    const reached =
      site.because === undefined
        ? await reach(context, environment, allowed, operation)
        : { plans: allowed, present: [] };
    const parallel = (input.flags["parallel"] as number | undefined) ?? 2;
    const { plans, present } = reached;
    const next = "next" in reached && reached.next ? [reached.next] : [];
    if (chosen.base)
      based = await rehearseBase(site, chosen.base, plans, { engine, workers, parallel });
    const at = based?.site ?? site;
    const follow = follower(context);
    const run = await runStacks({
      operation,
      plans,
      retire,
      environment: at.environment,
      root: at.context.root,
      rehearsal:
        at.because === undefined
          ? undefined
          : { world: worldFolder(at.context.root), because: at.because },
      engine,
      kubeconfig: "kubeconfig" in reached ? reached.kubeconfig : undefined,
      carrier: await carrier,
      levels,
      locate: (verdicts, plan) => locate(verdicts, plan, workspace),
      workers,
      parallel,
      signal: context.signal,
      terminate: context.terminate,
      onProgress: follow,
    });
    if (retire && run.exit === 0)
      await endRetirement(site, workspace, chosen.plans[0]!, everything(), run.run);
    const change = await costOfChange(context, input, workspace, environment);
    const notes = [
      // Refusals are problems of their stacks.
      ...(judged ? notesOf(plans, workspace, ({ notes }) => notes) : []),
      ...chosen.notes,
      ...past.notes.map((each) => locateProblem(each, workspace.positions)),
      ...change.notes,
      ...(operation === "up" ? [] : next),
    ];
    const problems = [...run.problems, ...(operation === "up" ? next : [])];
    return told(
      context,
      input,
      { ...located({ ...run, ...change, problems }, workspace), notes },
      present,
    );
  } finally {
    based?.remove();
    const stopped = carrier?.then(
      (started) => started.stop(),
      () => {},
    );
    await Promise.all([workers.close(), stopped]);
  }
}

const NO_INPUT: Input = { operands: [], flags: {} };

/** What a run for real needs beside its plans: the way to the cluster, and what stands there already. */
async function reach(
  context: Context,
  environment: Environment,
  plans: readonly Plan[],
  operation: Operation,
): Promise<StoredSecrets & { readonly kubeconfig?: string; readonly next?: Problem }> {
  refuseRehearsed(context, environment, plans);
  const judged = operation === "preview" || operation === "up";
  const first =
    judged &&
    (await firstCluster(environment, plans, async (stack) =>
      readOutputs(await backendFor(context, environment), stack),
    ));
  if (first) return { plans: [first.plan], present: [], next: first.next };
  const kubeconfig = await kubeconfigFor(context, environment);
  if (!judged) return { plans, present: [], kubeconfig };
  const served = await refuseUnservedKinds(context, environment, plans);
  return { ...(await refuseAbsentSecrets(context, environment, served)), kubeconfig };
}

/** A real run on rehearsed state is refused before anything is contacted; state elsewhere is asked by the engine. */
function refuseRehearsed(context: Context, environment: Environment, plans: readonly Plan[]): void {
  const { folder, url } = openBackend(context.root, environment);
  if (folder === undefined) return;
  const found = rehearsedIn(
    folder,
    plans.map(({ stack }) => stack),
  );
  if (found.length > 0)
    throw new FairwayError(found.map((stack) => rehearsedProblem(environment, url, stack)));
}

function refuseWithoutYes(plans: readonly Plan[]): never {
  throw new FairwayError(
    problem("FW7008", `this would destroy ${plans.map((plan) => plan.stack).join(", ")}`, {
      hint: "run it again with `--yes`",
    }),
  );
}

/** A run in which nothing was begun. */
const noRun = (operation: Operation, environment: string, because?: string): RunResult => ({
  run: "",
  operation,
  environment,
  rehearsed: because !== undefined,
  ...(because !== undefined && { because }),
  stacks: [],
  problems: [],
  notes: [],
  duration: 0,
  exit: 0,
});

function nothingToDo(
  input: Input,
  operation: Operation,
  { environment, because }: Site,
  notes: readonly Problem[],
): CommandResult {
  const run = { ...noRun(operation, environment.name, because), notes };
  writeReport(input, run);
  return {
    exit: 0,
    rehearsed: run.rehearsed,
    data: run,
    text: rehearsedText(because, `${commandOf(operation)} ${environment.name}: nothing to do`),
    notes,
  };
}

/** Problems with their places in the descriptors. */
function located(run: RunResult, { positions }: Workspace): RunResult {
  const place = (problems: readonly Problem[]): Problem[] =>
    problems.map((each) => locateProblem(each, positions));
  const stacks = run.stacks.map((stack) => ({ ...stack, problems: place(stack.problems) }));
  return { ...run, stacks, problems: place(run.problems) };
}

/** The file that `--markdown` names. */
const reportOf = ({ flags }: Input): string | undefined => flags["markdown"] as string | undefined;

/** The report for a pull request, where `--markdown` asks for one. */
function writeReport(input: Input, run: RunResult): void {
  const file = reportOf(input);
  if (file !== undefined) writeNamed(file, runMarkdown(run));
}

function told(
  context: Context,
  input: Input,
  run: RunResult,
  present: readonly string[],
): CommandResult {
  writeReport(input, run);
  const problems: Problem[] = [...run.problems, ...run.stacks.flatMap((stack) => stack.problems)];
  return {
    exit: run.exit === 0 && problems.length > 0 ? exitOf(problems) : run.exit,
    rehearsed: run.rehearsed,
    data: run,
    text: [
      ...(context.quiet ? [] : present.map((secret) => `secret ${secret}: present`)),
      runText(run, {
        quiet: context.quiet,
        color: context.color,
        columns: context.columns,
        showSame: input.flags["show-same"] === true,
      }),
      ...(run.cost ? [`cost of ${run.environment}: ${comparisonLine(run.cost)}`] : []),
    ].join("\n"),
    problems,
    notes: run.notes,
  };
}

/** One progress step a stack, with what it is doing. */
function follower(context: Context): (event: StackProgress) => void {
  const steps = new Map<string, Step>();
  return (event) => {
    if (event.phase === "waiting") return;
    if (!steps.has(event.stack)) steps.set(event.stack, context.progress.step(event.stack));
    if (event.phase === "done") {
      steps.get(event.stack)!.end(event.status, event.status !== "succeeded");
      steps.delete(event.stack);
      return;
    }
    const amount = event.total === undefined ? `${event.done}` : `${event.done}/${event.total}`;
    steps
      .get(event.stack)!
      .say([event.phase, amount, event.resource, event.waiting].filter(Boolean).join(" "));
  };
}
