import { FairwayError, problem } from "../../contract/problem.ts";
import { readTombstone, removeTombstone } from "../../state/tombstone.ts";
import type { Run } from "../command.ts";
import { operate } from "../operation.ts";
import { plansOf, readWorkspace } from "../planning.ts";
import { retiredProblem } from "../retire.ts";
import { selectEnvironments } from "../select.ts";
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
  const [name = ""] = input.operands;
  const plan = plansOf(context, workspace, { operands: [], flags: {} }, [environment.name]).find(
    (each) => each.name === name,
  );
  const stack = plan?.stack ?? `${name}.${environment.name}`;
  const backend = await backendFor(site.context, site.environment);
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
        ...copies.map(
          ({ of, kind, name: copy }) => `last copy of ${of}, which stays: ${kind} ${copy}`,
        ),
      ].join("\n")
    : `${stack}: was not retired, nothing to do`;
  return {
    exit: 0,
    rehearsed: site.because !== undefined,
    data: { stack, forgotten: tombstone !== undefined, copies },
    text: rehearsedText(site.because, text),
  };
};
