import { at, numberAt, textAt } from "../json.ts";
import { eventTrouble, podTrouble } from "../problems.ts";
import {
  count,
  eventsOf,
  ownedBy,
  podsOf,
  READY,
  unseen,
  waiting,
  type Waiter,
} from "./readiness.ts";

/** Ready when every pod runs the newest revision and is ready. Source: `kubectl rollout status`. */
export const statefulSet: Waiter = {
  judge(object) {
    const early = unseen(object);
    if (early) return early;
    const wanted = numberAt(object, ["spec", "replicas"], 1);
    const [current, ready, updated] = ["replicas", "readyReplicas", "updatedReplicas"].map(
      (field) => numberAt(object, ["status", field]),
    ) as [number, number, number];
    if (current > wanted) return waiting(`${count(current - wanted, "pod")} still to end`);
    if (ready < wanted) return waiting(`${ready} of ${count(wanted, "pod")} ready`);
    if (textAt(object, "spec", "updateStrategy", "type") === "OnDelete") return READY;
    const partition = numberAt(object, ["spec", "updateStrategy", "rollingUpdate", "partition"]);
    if (
      partition === 0 &&
      at(object, "status", "currentRevision") !== at(object, "status", "updateRevision")
    )
      return waiting(`${updated} of ${count(wanted, "pod")} updated`);
    if (updated < wanted - partition)
      return waiting(`${updated} of ${count(wanted - partition, "pod")} updated`);
    return READY;
  },
  looks: (object) => [podsOf(object), eventsOf(object)],
  explain(object, [pods = [], events = []]) {
    const uid = textAt(object, "metadata", "uid");
    const own = pods.filter((pod) => ownedBy(pod, uid));
    return (
      own.map(podTrouble).find((trouble) => trouble !== undefined) ??
      eventTrouble(events, object, own)
    );
  },
};
