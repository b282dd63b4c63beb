import { numberAt, textAt, type Json, type JsonObject } from "../json.ts";
import type { Trouble } from "../problems.ts";

/** What an object's status says: ready, to be waited for, or beyond hope. */
export interface Verdict {
  state: "ready" | "waiting" | "failed";
  /** Why, for a person: lower case, no full stop. Empty when ready. */
  reason: string;
}

/** Other objects that tell why one is stuck: a list below `path`, or the one object there. */
export interface Look {
  path: string;
  query?: Record<string, string>;
}

/** How one kind becomes ready. Pure; the loop in wait.ts reads and times. */
export interface Waiter {
  judge(object: JsonObject): Verdict;
  /** Where to look while it is not ready. */
  looks?(object: JsonObject): Look[];
  /** What the found objects say, one list for each look: a trouble, or that it is ready after all. */
  explain?(object: JsonObject, found: Json[][]): Trouble | "ready" | undefined;
}

export const READY: Verdict = { state: "ready", reason: "" };

export function waiting(reason: string): Verdict {
  return { state: "waiting", reason };
}

export function failed(reason: string): Verdict {
  return { state: "failed", reason };
}

/** A number of things in words: `1 pod`, `2 pods`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Waiting as long as the controller has not seen the newest generation; else undefined. */
export function unseen(object: JsonObject): Verdict | undefined {
  const [wanted, seen] = [
    numberAt(object, ["metadata", "generation"]),
    numberAt(object, ["status", "observedGeneration"], -1),
  ];
  return seen < wanted ? waiting("its controller has not seen the change yet") : undefined;
}

/** Where the pods of a workload are. */
export function podsOf(object: JsonObject): Look {
  return {
    path: `/api/v1/namespaces/${textAt(object, "metadata", "namespace")}/pods`,
    query: { labelSelector: selectorText(object) },
  };
}

/** Where the events about an object are. */
export function eventsOf(object: JsonObject): Look {
  return {
    path: `/api/v1/namespaces/${textAt(object, "metadata", "namespace")}/events`,
    query: { fieldSelector: `involvedObject.uid=${textAt(object, "metadata", "uid")}` },
  };
}

/** `spec.selector` in the form of a query; pods that only match are told apart by their owner. */
export function selectorText(object: JsonObject): string {
  const labels = (object["spec"] as JsonObject | undefined)?.["selector"] as JsonObject | undefined;
  return Object.entries((labels?.["matchLabels"] as JsonObject | undefined) ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(",");
}

/** True when `child` is controlled by the object with this uid. */
export function ownedBy(child: Json, uid: string): boolean {
  const owners = ((child as JsonObject)["metadata"] as JsonObject | undefined)?.["ownerReferences"];
  return Array.isArray(owners) && owners.some((owner) => textAt(owner, "uid") === uid);
}
