import { recordedName, stackName } from "../../contract/names.ts";
import { fail } from "../../contract/problem.ts";
import { table } from "../../report/style.ts";
import { valueText } from "../../report/run-text.ts";
import { readOutputs } from "../../state/checkpoint.ts";
import type { Run } from "../command.ts";
import { readWorkspace } from "../planning.ts";
import { selectEnvironments } from "../select.ts";
import { rehearsedText, siteOf } from "../site.ts";
import { backendFor } from "../surroundings.ts";

/** `fairway outputs SERVICE`: what the stack gives; secret values are never shown. */
export const run: Run = async (context, input) => {
  const workspace = await readWorkspace(context);
  const environment = workspace.environments[selectEnvironments(workspace, input, "local")[0]!]!;
  const name = input.operands[0]!;
  const stack = stackName(
    recordedName(workspace.services[name]?.in[environment.name] ?? { name }),
    environment.name,
  );
  const site = siteOf(context, input, environment, "acts");
  const backend = await backendFor(site.context, site.environment);
  const outputs = await readOutputs(backend, stack);
  if (!outputs)
    fail("FW7006", `${stack} is not deployed`, {
      hint: `run \`fairway up ${input.operands[0]!} --env ${environment.name}\``,
    });
  return {
    exit: 0,
    rehearsed: site.because !== undefined,
    data: { stack, outputs },
    text: rehearsedText(
      site.because,
      table(Object.entries(outputs).map(([name, value]) => [name, valueText(value)])),
    ),
  };
};
