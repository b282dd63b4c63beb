import { podSecurity } from "../lib/controls.ts";
import { attempt } from "../lib/each.ts";
import { about, eachContainer, securityOf } from "../lib/pods.ts";
import { at, type Fields, fields } from "../lib/read.ts";
import { podRule } from "../lib/rule.ts";

const ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

export const appArmor = podRule(
  {
    name: "app-armor",
    description: "No pod or container switches AppArmor off.",
    why: "AppArmor confines what a container may touch on the node; unconfined, only the other walls are left.",
    fix: "Remove the AppArmor profile, or name `RuntimeDefault` or a profile of the node.",
    severity: "high",
    fields: { ServiceRequest: ["spec.patches"], Score: ["metadata.annotations", "containers"] },
    frameworks: podSecurity("appArmorProfile"),
  },
  (pod) => [
    ...attempt(() => {
      const profile = profileOf(securityOf(pod));
      return isAllowed(profile)
        ? []
        : [
            {
              message: `the pod's AppArmor profile is ${String(profile)}`,
              path: `${pod.specPath}.securityContext.appArmorProfile.type`,
            },
          ];
    }),
    ...attempt(() => {
      const annotations = fields(pod.metadata["annotations"]);
      return Object.keys(annotations)
        .filter((key) => key.startsWith(ANNOTATION))
        .filter((key) => !/^$|^runtime\/default$|^localhost\//.test(String(annotations[key])))
        .map((key) => ({
          message: `the annotation of container "${key.slice(ANNOTATION.length)}" sets its AppArmor profile to ${String(annotations[key])}`,
          path: at(`${pod.metadataPath}.annotations`, key),
        }));
    }),
    ...eachContainer(pod, (container) => {
      const profile = profileOf(securityOf(container));
      return isAllowed(profile)
        ? []
        : [
            about(
              container,
              `has the AppArmor profile ${String(profile)}`,
              "securityContext.appArmorProfile.type",
            ),
          ];
    }),
  ],
);

const profileOf = (context: Fields): unknown =>
  fields(context["appArmorProfile"])["type"] ?? "RuntimeDefault";
const isAllowed = (profile: unknown): boolean =>
  profile === "RuntimeDefault" || profile === "Localhost";
