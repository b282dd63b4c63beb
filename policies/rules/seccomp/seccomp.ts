import { cis, podSecurity } from "../lib/controls.ts";
import { attempt } from "../lib/each.ts";
import { about, eachContainer, isWindows, securityOf } from "../lib/pods.ts";
import { type Fields, fields } from "../lib/read.ts";
import { podRule } from "../lib/rule.ts";

const ALLOWED: readonly unknown[] = ["RuntimeDefault", "Localhost"];

export const seccomp = podRule(
  {
    name: "seccomp",
    description: "Every container runs under the runtime's seccomp profile, or one of the node's.",
    why: "The profile refuses the system calls that nearly every container escape has used.",
    fix: "Leave the pod's `seccompProfile` as the platform sets it: `RuntimeDefault`.",
    severity: "high",
    fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
    frameworks: [
      ...podSecurity("seccompProfile_baseline", "seccompProfile_restricted"),
      ...cis("5.6.2"),
    ],
  },
  (pod) => {
    if (isWindows(pod)) return [];
    const ofPod = () => profileOf(securityOf(pod));
    return [
      ...attempt(() => {
        const profile = ofPod();
        return profile === undefined || ALLOWED.includes(profile)
          ? []
          : [
              {
                message: `the pod's seccomp profile is ${String(profile)}`,
                path: `${pod.specPath}.securityContext.seccompProfile.type`,
              },
            ];
      }),
      ...eachContainer(pod, (container) => {
        const own = profileOf(securityOf(container));
        if (ALLOWED.includes(own ?? ofPod())) return [];
        const found =
          own === undefined
            ? "has no seccomp profile, nor has its pod"
            : `has the seccomp profile ${String(own)}`;
        return [about(container, found, "securityContext.seccompProfile.type")];
      }),
    ];
  },
);

const profileOf = (context: Fields): unknown =>
  fields(context["seccompProfile"])["type"] ?? undefined;
