import { textAt } from "../json.ts";
import { condition } from "../problems.ts";
import { failed, READY, waiting, type Waiter } from "./readiness.ts";

/** Ready when the API server serves the new kind. */
export const customResourceDefinition: Waiter = {
  judge(object) {
    const names = condition(object, "NamesAccepted");
    if (textAt(names, "status") === "False")
      return failed(`its names are taken: ${textAt(names, "message")}`);
    return textAt(condition(object, "Established"), "status") === "True"
      ? READY
      : waiting("the API server does not serve the kind yet");
  },
};
