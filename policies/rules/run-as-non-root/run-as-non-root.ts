import { cis, iso27001, pci, podSecurity } from "../lib/controls.ts";
import { attempt } from "../lib/each.ts";
import { about, eachContainer, hasUserNamespace, securityOf } from "../lib/pods.ts";
import { podRule } from "../lib/rule.ts";

export const runAsNonRoot = podRule(
  {
    name: "run-as-non-root",
    description: "Every container runs as a user other than root.",
    why: "Root in a container is root on the node as soon as the runtime has a hole.",
    fix: "Give the image a numeric USER other than 0, and leave `runAsNonRoot` as the platform sets it.",
    severity: "high",
    fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
    frameworks: [
      ...podSecurity("runAsNonRoot", "runAsUser"),
      ...cis("5.2.7"),
      ...pci("7.2.1", "7.2.2", "7.2.5"),
      ...iso27001("8.2"),
    ],
  },
  (pod) => {
    if (hasUserNamespace(pod)) return [];
    const context = () => securityOf(pod);
    const path = `${pod.specPath}.securityContext`;
    return [
      ...attempt(() =>
        context()["runAsNonRoot"] === false
          ? [{ message: "the pod sets runAsNonRoot to false", path: `${path}.runAsNonRoot` }]
          : [],
      ),
      ...attempt(() =>
        context()["runAsUser"] === 0
          ? [{ message: "the pod runs as user 0", path: `${path}.runAsUser` }]
          : [],
      ),
      ...eachContainer(pod, (container) => {
        const own = securityOf(container);
        if (own["runAsUser"] === 0)
          return [about(container, "runs as user 0", "securityContext.runAsUser")];
        const nonRoot = own["runAsNonRoot"] ?? context()["runAsNonRoot"];
        return nonRoot === true
          ? []
          : [
              about(
                container,
                "may run as root: neither it nor its pod sets runAsNonRoot",
                "securityContext.runAsNonRoot",
              ),
            ];
      }),
    ];
  },
);
