import { textAt } from "../json.ts";
import { READY, waiting, type Waiter } from "./readiness.ts";

/** Ready when active. */
export const namespace: Waiter = {
  judge: (object) =>
    textAt(object, "status", "phase") === "Active"
      ? READY
      : waiting(`its phase is ${textAt(object, "status", "phase") || "unknown"}`),
};
