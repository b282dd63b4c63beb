import { podSecurity, cis, pci, iso27001 } from "../lib/controls.ts";
import { about, securityOf } from "../lib/pods.ts";
import { containerRule } from "../lib/rule.ts";

export const privileged = containerRule(
  {
    name: "privileged",
    description: "No container runs privileged.",
    why: "A privileged container is root on the node: whoever breaks into it owns every pod beside it.",
    fix: "Remove `privileged: true`; ask the platform team for the one capability or device that is needed.",
    severity: "critical",
    fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
    frameworks: [
      ...podSecurity("privileged"),
      ...cis("5.2.2"),
      ...pci("7.2.1", "7.2.2", "7.2.3"),
      ...iso27001("8.2", "8.3"),
    ],
  },
  (container) =>
    securityOf(container)["privileged"] === true
      ? [about(container, "is privileged", "securityContext.privileged")]
      : [],
);
