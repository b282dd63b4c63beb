import { cis, iso27001, podSecurity } from "../lib/controls.ts";
import { about, isWindows, securityOf } from "../lib/pods.ts";
import { containerRule } from "../lib/rule.ts";

export const privilegeEscalation = containerRule(
  {
    name: "privilege-escalation",
    description: "Every container sets `allowPrivilegeEscalation: false`.",
    why: "Without it a setuid program in the image gives a process more rights than the pod was started with.",
    fix: "Leave the container's security context as the platform sets it.",
    severity: "high",
    fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
    frameworks: [
      ...podSecurity("allowPrivilegeEscalation"),
      ...cis("5.2.6"),
      ...iso27001("5.15", "8.14"),
    ],
  },
  (container, pod) =>
    securityOf(container)["allowPrivilegeEscalation"] === false || isWindows(pod)
      ? []
      : [
          about(
            container,
            "does not set allowPrivilegeEscalation to false",
            "securityContext.allowPrivilegeEscalation",
          ),
        ],
);
