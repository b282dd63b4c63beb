import type { Finding } from "../../../stacks/contract/finding.ts";
import { podSecurity } from "../lib/controls.ts";
import { attempt } from "../lib/each.ts";
import { about, eachContainer, securityOf } from "../lib/pods.ts";
import { type Fields, fields } from "../lib/read.ts";
import { podRule } from "../lib/rule.ts";

const TYPES: readonly unknown[] = [
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
];

export const seLinux = podRule(
  {
    name: "se-linux",
    description: "No pod or container takes an SELinux user, role or foreign type.",
    why: "Another type or user is a way out of the confinement that the node gives to containers.",
    fix: "Remove `seLinuxOptions`.",
    severity: "high",
    fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
    frameworks: podSecurity("seLinuxOptions"),
  },
  (pod) => [
    ...attempt(() =>
      wrong(securityOf(pod)).map((key): Finding => ({
        message: `the pod sets the SELinux ${key}`,
        path: `${pod.specPath}.securityContext.seLinuxOptions.${key}`,
      })),
    ),
    ...eachContainer(pod, (container) =>
      wrong(securityOf(container)).map((key) =>
        about(container, `sets the SELinux ${key}`, `securityContext.seLinuxOptions.${key}`),
      ),
    ),
  ],
);

/** The options that may not be set as they are. */
function wrong(context: Fields): string[] {
  const options = fields(context["seLinuxOptions"]);
  return [
    ...(TYPES.includes(options["type"] ?? "") ? [] : ["type"]),
    ...["user", "role"].filter((key) => (options[key] ?? "") !== ""),
  ];
}
