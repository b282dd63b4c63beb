import { nsa } from "../lib/controls.ts";
import { about, isWindows, securityOf } from "../lib/pods.ts";
import { containerRule } from "../lib/rule.ts";

export const readOnlyRoot = containerRule(
  {
    name: "read-only-root",
    description: "Every container's root file system is read-only.",
    why: "An intruder who cannot write cannot stay: no tool is dropped, no program is replaced.",
    fix: "Write to `/tmp` or to a volume, and leave `readOnlyRootFilesystem` as the platform sets it.",
    severity: "medium",
    fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
    frameworks: nsa("C-0017"),
  },
  (container, pod) =>
    securityOf(container)["readOnlyRootFilesystem"] === true || isWindows(pod)
      ? []
      : [
          about(
            container,
            "can write to its root file system",
            "securityContext.readOnlyRootFilesystem",
          ),
        ],
);
