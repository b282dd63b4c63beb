import { cis, iso27001, podSecurity } from "../lib/controls.ts";
import { about, isWindows, securityOf } from "../lib/pods.ts";
import { fields, list } from "../lib/read.ts";
import { containerRule } from "../lib/rule.ts";

export const capabilities = containerRule(
  {
    name: "capabilities",
    description: "Every container drops ALL capabilities and adds at most NET_BIND_SERVICE.",
    why: "Capabilities are pieces of root; a service on a high port needs none.",
    fix: "Leave the container's capabilities as the platform sets them, and listen on a port above 1023.",
    severity: "high",
    fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
    frameworks: [
      ...podSecurity("capabilities_baseline", "capabilities_restricted"),
      ...cis("5.2.8", "5.2.9"),
      ...iso27001("8.16"),
    ],
  },
  (container, pod) => {
    const own = fields(securityOf(container)["capabilities"]);
    const added = list(own["add"]).filter((one) => one !== "NET_BIND_SERVICE");
    const dropsAll = list(own["drop"]).includes("ALL");
    const path = "securityContext.capabilities";
    if ((added.length === 0 && dropsAll) || isWindows(pod)) return [];
    return [
      ...(added.length > 0
        ? [about(container, `adds the capabilities ${added.join(", ")}`, `${path}.add`)]
        : []),
      ...(dropsAll ? [] : [about(container, "does not drop ALL capabilities", `${path}.drop`)]),
    ];
  },
);
