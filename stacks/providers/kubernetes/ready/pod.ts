import { textAt } from "../json.ts";
import { condition, podTrouble } from "../problems.ts";
import { failed, READY, waiting, type Waiter } from "./readiness.ts";

/** Ready when its containers are, or when it has succeeded. */
export const pod: Waiter = {
  judge(object) {
    const phase = textAt(object, "status", "phase");
    if (phase === "Succeeded" || textAt(condition(object, "Ready"), "status") === "True")
      return READY;
    const trouble = podTrouble(object)?.text;
    return phase === "Failed"
      ? failed(trouble ?? "the pod failed")
      : waiting(trouble ?? `its phase is ${phase || "unknown"}`);
  },
  looks: () => [],
  explain: (object) => podTrouble(object),
};
