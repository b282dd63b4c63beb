import { style } from "../../report/style.ts";
import type { Run } from "../command.ts";
import { iamReport, iamText } from "../iam-report.ts";
import { plansOf, readWorkspace } from "../planning.ts";
import { selectEnvironments, selectServices } from "../select.ts";

/** `fairway explain iam SERVICE`: what its pods may do in the cloud, what for, and which line led to it. */
export const run: Run = async (context, input) => {
  const workspace = await readWorkspace(context);
  const environments = selectEnvironments(workspace, input, "all");
  const [service] = selectServices(Object.keys(workspace.services), input, "none");
  const policies = plansOf(context, workspace, input, environments, [service!])
    .filter(({ kind, name }) => kind === "service" && name === service)
    .map((plan) => iamReport(plan, workspace.positions));
  return {
    exit: 0,
    data: { service, policies },
    text: iamText(service!, policies, style(context.color).bold),
  };
};
