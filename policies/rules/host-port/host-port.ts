import { cis, pci, podSecurity } from "../lib/controls.ts";
import { each } from "../lib/each.ts";
import { about } from "../lib/pods.ts";
import { fields, list } from "../lib/read.ts";
import { containerRule } from "../lib/rule.ts";

export const hostPort = containerRule(
  {
    name: "host-port",
    description: "No container takes a port of the node.",
    why: "A port of the node is open to the node's whole network, past every Service and network policy.",
    fix: "Remove `hostPort`; other pods reach the service by its name, the outside by a route.",
    severity: "high",
    fields: { ServiceRequest: ["spec.patches"], Score: ["service.ports"] },
    frameworks: [...podSecurity("hostPorts"), ...cis("5.2.12"), ...pci("1.2.5", "1.2.8", "1.3.1")],
  },
  (container) => {
    const ports = list(container.spec["ports"]);
    return each(ports.length, (index) => {
      const port = fields(ports[index])["hostPort"];
      return (port ?? 0) === 0
        ? []
        : [about(container, `takes port ${String(port)} of the node`, `ports[${index}].hostPort`)];
    });
  },
);
