import { objectAt, same } from "../json.ts";
import { READY, waiting, type Waiter } from "./readiness.ts";

/** A ResourceQuota is ready when its controller has counted what it limits: until then no pod is let in. */
export const resourceQuota: Waiter = {
  judge: (object) =>
    same(objectAt(object, "status", "hard"), objectAt(object, "spec", "hard"))
      ? READY
      : waiting("its controller has not counted what is there yet"),
};
