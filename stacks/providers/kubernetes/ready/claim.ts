import { textAt } from "../json.ts";
import { eventTrouble, type Trouble } from "../problems.ts";
import { eventsOf, failed, READY, waiting, type Waiter } from "./readiness.ts";

/** A PersistentVolumeClaim is ready when bound, or when its class binds only once a pod needs it. */
export const claim: Waiter = {
  judge(object) {
    const phase = textAt(object, "status", "phase");
    if (phase === "Bound") return READY;
    return phase === "Lost" ? failed("its volume is lost") : waiting("no volume is bound yet");
  },
  looks(object) {
    const name = textAt(object, "spec", "storageClassName");
    return [
      eventsOf(object),
      ...(name
        ? [{ path: `/apis/storage.k8s.io/v1/storageclasses/${encodeURIComponent(name)}` }]
        : []),
    ];
  },
  explain(object, [events = [], classes = []]): Trouble | "ready" | undefined {
    const [storageClass] = classes;
    if (
      storageClass !== undefined &&
      textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer"
    )
      return "ready";
    const trouble = eventTrouble(events, object);
    return trouble && { ...trouble, kind: "volume" };
  },
};
