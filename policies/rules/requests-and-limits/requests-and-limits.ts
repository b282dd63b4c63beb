import { nsa } from "../lib/controls.ts";
import { about } from "../lib/pods.ts";
import { fields } from "../lib/read.ts";
import { containerRule } from "../lib/rule.ts";

const DEMANDED = ["requests", "limits"].flatMap((bound) =>
  ["cpu", "memory"].map((resource) => ({ bound, resource })),
);

export const requestsAndLimits = containerRule(
  {
    name: "requests-and-limits",
    description: "Every container requests CPU and memory and has a limit of both.",
    why: "Without a request the scheduler guesses, and without a limit one container starves its neighbours.",
    fix: "Set the CPU and memory of the container.",
    severity: "medium",
    fields: {
      ServiceRequest: ["spec.resources"],
      Score: ["containers.*.resources"],
    },
    frameworks: nsa("C-0270", "C-0271"),
  },
  (container) => {
    if (container.kind === "ephemeral") return [];
    const resources = fields(container.spec["resources"]);
    return DEMANDED.filter(({ bound, resource }) =>
      isBlank(fields(resources[bound])[resource]),
    ).map(({ bound, resource }) =>
      about(
        container,
        `has no ${resource} ${bound.slice(0, -1)}`,
        `resources.${bound}.${resource}`,
      ),
    );
  },
);

const isBlank = (quantity: unknown): boolean =>
  quantity === undefined || quantity === null || quantity === "";
