import type { ObjectiveTarget } from "./objective.plan.ts";

/** A service with an objective, for tests. */
export const OBJECTIVE_TARGET: ObjectiveTarget = {
  service: "one",
  namespace: "one-test",
  host: "one",
  metric: { count: "requests_total", bucket: "requests_bucket", error: 'code=~"5.."' },
  availability: 99.9,
  labels: { owner: "team" },
};
