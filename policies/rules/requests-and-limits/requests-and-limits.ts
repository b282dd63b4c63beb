import { nsa } from "../lib/controls.ts";
import { about } from "../lib/pods.ts";
import { fields } from "../lib/read.ts";
import { containerRule } from "../lib/rule.ts";

const DEMANDED = [
  ["cpu", "requests"],
  ["memory", "requests"],
  ["cpu", "limits"],
  ["memory", "limits"],
] as const;

export const requestsAndLimits = containerRule(
  {
    name: "requests-and-limits",
    description: "Every container requests CPU and memory and has a limit of both.",
    why: "Without a request the scheduler guesses, and without a limit one container starves its neighbours.",
    fix: "Set the CPU and memory of the container.",
    severity: "medium",
    fields: { ServiceRequest: ["spec.resources"], Score: ["containers.*.resources"] },
    frameworks: nsa("C-0270", "C-0271"),
  },
  (container) => {
    // The API has no resources for ephemeral containers.
    if (container.kind === "ephemeral") return [];
    const resources = fields(container.spec["resources"]);
    const missing = DEMANDED.filter(([resource, bound]) => {
      const quantity = fields(resources[bound])[resource];
      return quantity === undefined || quantity === null || quantity === "";
    });
    if (missing.length === 0) return [];
    const words = missing.map(([resource, bound]) => `${resource} ${bound.slice(0, -1)}`);
    return [about(container, `has no ${words.join(", no ")}`, "resources")];
  },
);
