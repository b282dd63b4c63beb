import { about, podOf, POD_TYPES } from "../lib/pods.ts";
import { containerRule } from "../lib/rule.ts";

const JOBS = ["kubernetes:batch/v1:Job", "kubernetes:batch/v1:CronJob"];
const rule = containerRule(
  {
    name: "probes",
    description: "Every container of a long-running workload has a liveness and a readiness probe.",
    why: "Without readiness, traffic arrives before the service can answer; without liveness, a hung process stays.",
    fix: "Say where health is answered: a path, or a command for what listens on no port.",
    severity: "medium",
    fields: {
      ServiceRequest: ["spec.health", "spec.language", "spec.type"],
      Score: ["containers.*.livenessProbe", "containers.*.readinessProbe", "containers.*"],
    },
    frameworks: [],
  },
  (container) =>
    container.kind === "main"
      ? ["livenessProbe", "readinessProbe"]
          .filter((probe) => container.spec[probe] === undefined || container.spec[probe] === null)
          .map((probe) => about(container, `has no ${probe}`, probe))
      : [],
);

export const probes: typeof rule = {
  ...rule,
  types: POD_TYPES.filter((type) => !JOBS.includes(type)),
  check: (resource, settings) =>
    RUNS_ONCE.includes(podOf(resource)?.spec["restartPolicy"])
      ? []
      : rule.check(resource, settings),
};

/** A bare pod that is not started again is a job. */
const RUNS_ONCE: readonly unknown[] = ["Never", "OnFailure"];
