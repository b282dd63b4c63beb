import { podSecurity } from "../lib/controls.ts";
import { about, securityOf } from "../lib/pods.ts";
import { containerRule } from "../lib/rule.ts";

export const procMount = containerRule(
  {
    name: "proc-mount",
    description: "Every container has the default /proc.",
    why: "Unmasked, /proc tells and changes what belongs to the node's kernel.",
    fix: "Remove `procMount`.",
    severity: "high",
    fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
    frameworks: podSecurity("procMount", "procMount_restricted"),
  },
  (container) => {
    const mount = securityOf(container)["procMount"] ?? "Default";
    return mount === "Default"
      ? []
      : [about(container, `has the /proc mount ${String(mount)}`, "securityContext.procMount")];
  },
);
