import { stringify } from "yaml";
import { FairwayError, problem, type Problem } from "../../contract/problem.ts";
import type { ScoreDocument } from "../../contract/score.ts";
import type { Service } from "../../contract/service.ts";
import { sourceOf } from "../../contract/source.ts";
import { canonicalJson } from "../../contract/value.ts";
import type { Workspace } from "../../contract/workspace.ts";
import { directoryOf } from "../../plan/directory.ts";
import { locateProblem } from "../../plan/locate.ts";
import { type Converted, toScore } from "../../plan/to-score.ts";
import type { Run } from "../command.ts";
import { readWorkspace } from "../planning.ts";
import { selectEnvironments, selectServices } from "../select.ts";
import { writeNamed } from "../write.ts";

/** `fairway score export SERVICE`: a service as a Score document; what that cannot say is told. */
export const run: Run = async (context, input) => {
  const workspace = await readWorkspace(context);
  const environment = selectEnvironments(workspace, input, "local")[0]!;
  const [name = ""] = input.operands;
  selectServices(Object.keys(workspace.services), { operands: [name], flags: {} }, "none");
  const models = workspace.services[name]!.in;
  const service = models[environment]!;
  const { document, notes } = exported(workspace, service, environment);
  const differing = Object.keys(models).filter(
    (other) => canonicalJson(models[other]) !== canonicalJson(service),
  );
  const remarks: Problem[] = notes.map(({ path: at, message }) =>
    locateProblem(problem("FW7043", message, sourceOf(service, at)), workspace.positions),
  );
  if (differing.length > 0)
    remarks.push(
      locateProblem(
        problem(
          "FW7043",
          `this is ${name} in ${environment}: Score has no overrides for ${differing.join(", ")}`,
          { file: service.file, path: "spec.environments" },
        ),
        workspace.positions,
      ),
    );
  const text = stringify(document, { lineWidth: 0 });
  const out = input.flags["out"] as string | undefined;
  if (out !== undefined) writeNamed(out, text);
  return {
    exit: 0,
    data: { service: name, environment, file: out ?? null, document },
    text: out === undefined ? text.trimEnd() : `wrote ${out}`,
    notes: remarks,
  };
};

/** The service as a Score document; what has no answer is thrown with its place. */
function exported(
  workspace: Workspace,
  service: Service,
  environment: string,
): Converted<ScoreDocument> {
  try {
    return toScore(
      service,
      workspace.environments[environment]!,
      directoryOf(workspace, environment),
    );
  } catch (error) {
    if (!FairwayError.is(error)) throw error;
    throw new FairwayError(
      error.problems.map((found) => locateProblem(found, workspace.positions)),
      { cause: error },
    );
  }
}
