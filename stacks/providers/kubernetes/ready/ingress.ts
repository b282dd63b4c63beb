import { listAt, textAt } from "../json.ts";
import { eventTrouble } from "../problems.ts";
import { eventsOf, READY, waiting, type Waiter } from "./readiness.ts";

/** Ready when its controller has given it an address. */
export const ingress: Waiter = {
  judge(object) {
    if (listAt(object, "status", "loadBalancer", "ingress").length > 0) return READY;
    const name = textAt(object, "spec", "ingressClassName");
    return waiting(`no address from the ingress controller${name && ` of class ${name}`} yet`);
  },
  looks: (object) => [eventsOf(object)],
  explain: (object, [events = []]) => eventTrouble(events, object),
};
