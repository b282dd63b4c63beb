import { numberAt, textAt } from "../json.ts";
import { count, READY, unseen, waiting, type Waiter } from "./readiness.ts";
import { statefulSet } from "./stateful-set.ts";

/** Ready when the newest pod is available on every node it belongs to. Source: `kubectl rollout status`. */
export const daemonSet: Waiter = {
  ...statefulSet,
  judge(object) {
    const early = unseen(object);
    if (early) return early;
    const field = (name: string): number => numberAt(object, ["status", name]);
    const wanted = field("desiredNumberScheduled");
    if (
      textAt(object, "spec", "updateStrategy", "type") !== "OnDelete" &&
      field("updatedNumberScheduled") < wanted
    )
      return waiting(`${field("updatedNumberScheduled")} of ${count(wanted, "pod")} updated`);
    return field("numberAvailable") < wanted
      ? waiting(`${field("numberAvailable")} of ${count(wanted, "pod")} available`)
      : READY;
  },
};
