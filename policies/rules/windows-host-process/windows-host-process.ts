import { cis, iso27001, podSecurity } from "../lib/controls.ts";
import { attempt } from "../lib/each.ts";
import { about, eachContainer, securityOf } from "../lib/pods.ts";
import { type Fields, fields } from "../lib/read.ts";
import { podRule } from "../lib/rule.ts";

export const windowsHostProcess = podRule(
  {
    name: "windows-host-process",
    description: "No pod or container is a Windows host process.",
    why: "A host process has the rights of the Windows node itself.",
    fix: "Remove `windowsOptions.hostProcess`.",
    severity: "critical",
    fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
    frameworks: [...podSecurity("windowsHostProcess"), ...cis("5.2.10"), ...iso27001("8.14")],
  },
  (pod) => [
    ...attempt(() =>
      isHostProcess(securityOf(pod))
        ? [
            {
              message: "the pod is a Windows host process",
              path: `${pod.specPath}.securityContext.windowsOptions.hostProcess`,
            },
          ]
        : [],
    ),
    ...eachContainer(pod, (container) =>
      isHostProcess(securityOf(container))
        ? [
            about(
              container,
              "is a Windows host process",
              "securityContext.windowsOptions.hostProcess",
            ),
          ]
        : [],
    ),
  ],
);

const isHostProcess = (context: Fields): boolean =>
  fields(context["windowsOptions"])["hostProcess"] === true;
