import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Environment } from "../contract/environment.ts";
import type { Plan } from "../contract/plan.ts";
import { splitStack } from "../contract/names.ts";
import { exitOf, FairwayError, problem, type Problem } from "../contract/problem.ts";
import type { Operation, RunResult } from "../contract/result.ts";
import type { Workspace } from "../contract/workspace.ts";
import { prewarm } from "../engine/pool.ts";
import { setLostStateAside } from "../state/lost-cluster.ts";
import { withCluster } from "./cluster.ts";
import { orphanPlan } from "../engine/orphan.ts";
import type { Progress as StackProgress } from "../engine/progress.ts";
import { runStacks } from "../engine/run.ts";
import { locate } from "../judge/locate.ts";
import { readLevels } from "../judge/organisation.ts";
import { startCarrier } from "../judge/start-carrier.ts";
import { locateProblem } from "../plan/locate.ts";
import { runMarkdown } from "../report/run-markdown.ts";
import { runText } from "../report/run-text.ts";
import { commandOf } from "../report/summary.ts";
import { type Backend, openBackend } from "../state/backend.ts";
import { listStacks, readOutputs } from "../state/checkpoint.ts";
import { affectedSince } from "./base.ts";
import type { CommandResult, Context, Input, Step } from "./command.ts";
import { refuseUnservedKinds } from "./kinds.ts";
import { notesOf, plansOf, readWorkspace } from "./planning.ts";
import { refuseAbsentSecrets } from "./secrets.ts";
import { selectEnvironments, selectServices } from "./select.ts";
import { backendFor, engineFor, kubeconfigFor } from "./surroundings.ts";

/** `preview`, `up`, `destroy` and `drift`: read, plan, choose stacks, run them, tell. A run that cannot begin is reported too. */
export async function operate(
  context: Context,
  input: Input,
  operation: Operation,
): Promise<CommandResult> {
  try {
    return await perform(context, input, operation);
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
): Promise<CommandResult> {
  const judged = operation === "preview" || operation === "up";
  // Both load while the descriptors are read.
  const workers = prewarm(1);
  const carrier = judged ? startCarrier() : undefined;
  // What it throws is told where it is awaited.
  carrier?.catch(() => {});
  try {
    const workspace = await readWorkspace(context);
    const [name] = selectEnvironments(workspace, input, "local");
    const environment = workspace.environments[name!]!;
    const levels = readLevels(path.join(context.checkout, "policies", "levels.yaml"));
    const { chosen, notes } = judged
      ? await chooseDescribed(context, input, workspace, environment)
      : await chooseDeployed(context, input, workspace, environment, operation);
    if (operation === "destroy" && input.flags["yes"] !== true && chosen.length > 0)
      refuseWithoutYes(chosen);
    if (chosen.length === 0) return nothingToDo(input, operation, environment, notes);
    const engine = await engineFor(context);
    const kubeconfig = await kubeconfigFor(context, environment);
    const { plans, present } = judged
      ? await refuseAbsentSecrets(
          context,
          environment,
          await refuseUnservedKinds(context, environment, chosen),
        )
      : { plans: chosen, present: [] };
    const follow = follower(context);
    const run = await runStacks({
      operation,
      plans,
      environment,
      root: context.root,
      engine,
      kubeconfig,
      carrier: await carrier,
      levels,
      locate: (verdicts, plan) => locate(verdicts, plan, workspace),
      workers,
      parallel: (input.flags["parallel"] as number | undefined) ?? 2,
      signal: context.signal,
      terminate: context.terminate,
      onProgress: follow,
    });
    return told(context, input, { ...located(run, workspace), notes }, present);
  } finally {
    const stopped = carrier?.then(
      (started) => started.stop(),
      () => {},
    );
    await Promise.all([workers.close(), stopped]);
  }
}

/** What a command line means, and what is worth knowing of it. */
interface Chosen {
  readonly chosen: readonly Plan[];
  readonly notes: readonly Problem[];
}

/** The stacks of descriptors, with what they need and is not up to date. What is wrong is told before anything is started. */
async function chooseDescribed(
  context: Context,
  input: Input,
  workspace: Workspace,
  environment: Environment,
): Promise<Chosen> {
  const described = Object.keys(workspace.services);
  const services = selectServices(described, input, "none");
  const plans = plansOf(context, workspace, input, [environment.name], services);
  const base = input.flags["base"] as string | undefined;
  const { plans: meant, removed } =
    base === undefined
      ? { plans, removed: [] }
      : await affectedSince(context, environment.name, base, plans, described);
  await forgetLostCluster(context, environment);
  const all = base !== undefined || input.flags["all"] === true;
  const chosen = all ? meant : await outdated(await backendFor(context, environment), meant);
  return {
    chosen,
    // Refusals are problems of their stacks.
    notes: [...notesOf(chosen, workspace, ({ notes }) => notes), ...removed.map(leftBehind)],
  };
}

const leftBehind = (stack: string): Problem => {
  const { name, environment } = splitStack(stack);
  return problem("FW5019", `${stack} loses its descriptor, and its stack stays`, {
    hint: `when nobody needs it any more: \`fairway destroy ${name} --env ${environment} --yes\``,
  });
};

/** Services, and of the stacks that they need those whose state was made from another plan. */
async function outdated(backend: Backend, plans: readonly Plan[]): Promise<readonly Plan[]> {
  const current = await Promise.all(
    plans.map(
      async (plan) =>
        plan.kind !== "service" &&
        (await readOutputs(backend, plan.stack))?.["digest"] === plan.digest,
    ),
  );
  return plans.filter((_, index) => !current[index]);
}

/** Stacks that have state: services by name, shared ones with `--all`, orphans too. The platform stays. */
async function chooseDeployed(
  context: Context,
  input: Input,
  workspace: Workspace,
  environment: Environment,
  operation: Operation,
): Promise<Chosen> {
  const otherwise = operation === "refresh" ? "all" : "none";
  // Whoever named nothing is told before anything is started.
  if (input.operands.length === 0)
    selectServices(Object.keys(workspace.services), input, otherwise);
  await forgetLostCluster(context, environment);
  const deployed = (await listStacks(await backendFor(context, environment))).filter(
    (stack) => splitStack(stack).environment === environment.name,
  );
  const names = deployed
    .map((stack) => splitStack(stack).name)
    .filter((name) => operation === "refresh" || name !== "platform");
  const known = [...new Set([...Object.keys(workspace.services), ...names])].sort();
  const chosen = new Set(selectServices(known, input, otherwise));
  const plans = plansOf(
    context,
    workspace,
    { ...input, flags: { ...input.flags, image: undefined } },
    [environment.name],
  );
  return {
    chosen: names
      .filter((name) => chosen.has(name))
      .map(
        (name) =>
          plans.find((plan) => plan.name === name) ?? orphanPlan(`${name}.${environment.name}`),
      ),
    notes: [],
  };
}

/** State of an embedded control plane that is gone is set aside before anything reads it (ADR 0008). */
async function forgetLostCluster(context: Context, environment: Environment): Promise<void> {
  const { folder } = openBackend(context.root, environment);
  if (!("embedded" in environment.cluster) || folder === undefined) return;
  const identity = await withCluster(context, environment, async ({ client }) => {
    const reply = await client.request({
      method: "GET",
      path: "/api/v1/namespaces/kube-system",
      signal: context.signal,
    });
    return (reply.body["metadata"] as { uid?: string } | undefined)?.uid;
  });
  if (identity === undefined) return;
  const stamp = context.now().toISOString().replaceAll(":", "-");
  const lost = await setLostStateAside(context.root, environment.name, identity, folder, stamp);
  if (lost.length > 0)
    context.progress
      .step("state of a control plane that is gone")
      .end(`${lost.length} stacks moved to .fairway/lost/${stamp}`);
}

function refuseWithoutYes(plans: readonly Plan[]): never {
  throw new FairwayError(
    problem("FW7008", `this would destroy ${plans.map((plan) => plan.stack).join(", ")}`, {
      hint: "run it again with `--yes`",
    }),
  );
}

/** A run in which nothing was begun. */
const noRun = (operation: Operation, environment: string): RunResult => ({
  run: "",
  operation,
  environment,
  rehearsed: false,
  stacks: [],
  problems: [],
  notes: [],
  duration: 0,
  exit: 0,
});

function nothingToDo(
  input: Input,
  operation: Operation,
  environment: Environment,
  notes: readonly Problem[],
): CommandResult {
  const run = { ...noRun(operation, environment.name), notes };
  writeReport(input, run);
  const text = `${commandOf(operation)} ${environment.name}: nothing to do`;
  return { exit: 0, data: run, text, notes };
}

/** Problems with their places in the descriptors. */
function located(run: RunResult, { positions }: Workspace): RunResult {
  const place = (problems: readonly Problem[]): Problem[] =>
    problems.map((each) => locateProblem(each, positions));
  const stacks = run.stacks.map((stack) => ({ ...stack, problems: place(stack.problems) }));
  return { ...run, stacks, problems: place(run.problems) };
}

/** The report for a pull request, where `--markdown` asks for one. */
function writeReport(input: Input, run: RunResult): void {
  const file = input.flags["markdown"] as string | undefined;
  if (file !== undefined) writeFileSync(path.resolve(file), runMarkdown(run));
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
