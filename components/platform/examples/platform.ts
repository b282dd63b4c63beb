// What the services of a cluster share.
import { Platform } from "../platform.ts";

export const platform = new Platform("platform", {
  labels: { "fairway.dev/environment": "local" },
  customKinds: ["prometheusrules", "scaledobjects", "servicemonitors"],
  priorityClasses: [
    {
      name: "fairway-standard",
      value: 1000,
      preemption: "PreemptLowerPriority",
      description: "Services that people wait for",
    },
  ],
  ingressClass: { name: "example", controller: "example.com/ingress" },
});
