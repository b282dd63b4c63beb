import { at, numberAt, textAt } from "../json.ts";
import { condition } from "../problems.ts";
import { count, failed, READY, waiting, type Waiter } from "./readiness.ts";
import { statefulSet } from "./stateful-set.ts";

/** Ready when it has completed; a suspended Job is not waited for. */
export const job: Waiter = {
  ...statefulSet,
  judge(object) {
    const failure = condition(object, "Failed");
    if (textAt(failure, "status") === "True")
      return failed(`the Job failed (${textAt(failure, "reason")}): ${textAt(failure, "message")}`);
    if (textAt(condition(object, "Complete"), "status") === "True") return READY;
    if (at(object, "spec", "suspend") === true) return READY;
    const wanted = numberAt(object, ["spec", "completions"], 1);
    return waiting(
      `${numberAt(object, ["status", "succeeded"])} of ${count(wanted, "completion")}`,
    );
  },
};
