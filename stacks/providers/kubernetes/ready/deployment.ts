import { at, numberAt, textAt, type Json, type JsonObject } from "../json.ts";
import { condition, podTrouble, troubleOf, type Trouble } from "../problems.ts";
import {
  count,
  failed,
  ownedBy,
  podsOf,
  READY,
  selectorText,
  unseen,
  waiting,
  type Verdict,
  type Waiter,
} from "./readiness.ts";

const REVISION = "deployment.kubernetes.io/revision";

/** Ready when the newest pods are all available and no old one is left. Source: `kubectl rollout status`. */
export const deployment: Waiter = {
  judge(object): Verdict {
    const early = unseen(object);
    if (early) return early;
    if (at(object, "spec", "paused") === true) return READY;
    const progressing = condition(object, "Progressing");
    if (textAt(progressing, "reason") === "ProgressDeadlineExceeded")
      return failed("no progress within its progressDeadlineSeconds");
    const wanted = numberAt(object, ["spec", "replicas"], 1);
    const [all, updated, available] = ["replicas", "updatedReplicas", "availableReplicas"].map(
      (field) => numberAt(object, ["status", field]),
    ) as [number, number, number];
    if (updated < wanted) return waiting(`${updated} of ${count(wanted, "new pod")} made`);
    if (all > updated) return waiting(`${count(all - updated, "old pod")} still to end`);
    if (available < updated) return waiting(`${available} of ${count(updated, "pod")} available`);
    return READY;
  },
  looks: (object) => [
    {
      path: `/apis/apps/v1/namespaces/${textAt(object, "metadata", "namespace")}/replicasets`,
      query: { labelSelector: selectorText(object) },
    },
    podsOf(object),
  ],
  explain(object, [replicaSets = [], pods = []]): Trouble | undefined {
    const current = newestReplicaSet(object, replicaSets);
    if (!current) return undefined;
    const failure = condition(current, "ReplicaFailure");
    if (textAt(failure, "status") === "True") return troubleOf(textAt(failure, "message"));
    const uid = textAt(current, "metadata", "uid");
    return pods
      .filter((pod) => ownedBy(pod, uid))
      .map(podTrouble)
      .find((trouble) => trouble !== undefined);
  },
};

/** The ReplicaSet of the Deployment's own revision: only its conditions speak of the present template. */
function newestReplicaSet(object: JsonObject, replicaSets: readonly Json[]): Json | undefined {
  const [uid, revision] = [
    textAt(object, "metadata", "uid"),
    textAt(object, "metadata", "annotations", REVISION),
  ];
  return replicaSets.find(
    (set) => ownedBy(set, uid) && textAt(set, "metadata", "annotations", REVISION) === revision,
  );
}
