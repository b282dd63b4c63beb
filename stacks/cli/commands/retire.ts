import type { Environment } from "../../contract/environment.ts";
import { splitStack, stackName } from "../../contract/names.ts";
import type { Plan } from "../../contract/plan.ts";
import { FairwayError, problem } from "../../contract/problem.ts";
import { orphanPlan } from "../../engine/orphan.ts";
import { listAll } from "../../state/checkpoint.ts";
import { readTombstone, removeTombstone } from "../../state/tombstone.ts";
import type { Input, Run } from "../command.ts";
import { operate } from "../operation.ts";
import { plansOf, readWorkspace } from "../planning.ts";
import { copyText, retiredProblem } from "../retire.ts";
import { type NamedStack, refuseSeveral, selectEnvironments } from "../select.ts";
import { rehearsedText, siteOf } from "../site.ts";
import { backendFor } from "../surroundings.ts";

/** `fairway retire`. */
export const run: Run = (context, input) =>
  input.flags["forget"] === true
    ? forget(context, input)
    : operate(context, input, "destroy", true);

/** Takes a tombstone away, so that the service may begin anew. */
const forget: Run = async (context, input) => {
  const workspace = await readWorkspace(context, input);
  const environment = workspace.environments[selectEnvironments(workspace, input, "local")[0]!]!;
  const site = siteOf(context, input, environment, "acts");
  const backend = await backendFor(site.context, site.environment);
  const plans = plansOf(context, workspace, { operands: [], flags: {} }, [environment.name]);
  const { retired } = await listAll(backend);
  const { stack, name } = meant(input, environment, plans, retired);
  const tombstone = await readTombstone(backend, stack);
  if (tombstone && tombstone.ended === undefined)
    throw new FairwayError(
      retiredProblem({ stack, name, environment: environment.name }, tombstone),
    );
  if (tombstone && input.flags["yes"] !== true)
    throw new FairwayError(
      problem(
        "FW7008",
        `this would forget that ${stack} was retired, and where its last copies are`,
        {
          hint: "run it again with `--yes`",
        },
      ),
    );
  if (tombstone) await removeTombstone(backend, stack);
  const copies = tombstone?.copies ?? [];
  const text = tombstone
    ? [
        `${stack}: may begin anew, without its data`,
        ...copies.map((copy) => `last copy of ${copy.of}, which is left alone: ${copyText(copy)}`),
      ].join("\n")
    : `${stack}: was not retired, nothing to do`;
  return {
    exit: 0,
    rehearsed: site.because !== undefined,
    data: { stack, forgotten: tombstone !== undefined, copies },
    text: rehearsedText(site.because, text),
  };
};

/**
 * The stack that the operand means: one with a tombstone, by its full name or by what people call it, else what a service of
 * the name has.
 * @throws FairwayError FW7020 where several are called so.
 */
function meant(
  input: Input,
  environment: Environment,
  plans: readonly Plan[],
  retired: readonly string[],
): NamedStack {
  const [operand = ""] = input.operands;
  const buried = retired
    .filter((stack) => splitStack(stack).environment === environment.name)
    .map((stack) => plans.find((plan) => plan.stack === stack) ?? orphanPlan(stack));
  const inFull = [...buried, ...plans].find(({ stack }) => stack === operand);
  if (inFull) return inFull;
  const called = buried.filter(({ name }) => name === operand);
  refuseSeveral(called, input, true);
  return (
    called[0] ??
    plans.find(({ name }) => name === operand) ??
    orphanPlan(stackName(operand, environment.name))
  );
}
