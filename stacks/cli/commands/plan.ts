import { planText } from "../../report/plan-text.ts";
import type { Run } from "../command.ts";
import { notesOf, plansOf, readWorkspace } from "../planning.ts";
import { selectEnvironments, selectServices } from "../select.ts";

/** `fairway plan`: what a service becomes, and why. */
export const run: Run = async (context, input) => {
  const workspace = await readWorkspace(context, input);
  const environments = selectEnvironments(workspace, input, "all");
  const services = selectServices(Object.keys(workspace.services), input, "all");
  const plans = plansOf(context, workspace, input, environments, services);
  return {
    exit: 0,
    data: { plans },
    text: context.json
      ? ""
      : plans
          .map((plan) => planText(plan, workspace.positions, context.color, context.columns))
          .join("\n\n"),
    notes: notesOf(plans, workspace),
  };
};
