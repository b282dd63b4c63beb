import { listAt, textAt } from "../json.ts";
import { eventTrouble } from "../problems.ts";
import { eventsOf, READY, waiting, type Waiter } from "./readiness.ts";

/**
 * A LoadBalancer is ready when it has an address; any other Service at once. Endpoints are not waited for: the
 * workload behind a Service is waited for itself, and a StatefulSet needs its Service first.
 */
export const service: Waiter = {
  judge: (object) =>
    textAt(object, "spec", "type") === "LoadBalancer" &&
    listAt(object, "status", "loadBalancer", "ingress").length === 0
      ? waiting("no address from the load balancer yet")
      : READY,
  looks: (object) => [eventsOf(object)],
  explain: (object, [events = []]) => eventTrouble(events, object),
};
