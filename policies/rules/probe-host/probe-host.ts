import { podSecurity } from "../lib/controls.ts";
import { about } from "../lib/pods.ts";
import { fields } from "../lib/read.ts";
import { containerRule } from "../lib/rule.ts";

const HANDLERS = [
  ["livenessProbe"],
  ["readinessProbe"],
  ["startupProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
] as const;
const ACTIONS = ["httpGet", "tcpSocket"] as const;

export const probeHost = containerRule(
  {
    name: "probe-host",
    description: "Probes and lifecycle hooks call their own pod, no other host.",
    why: "The kubelet makes the call: another host turns it into a way past every network policy.",
    fix: "Remove `host` from the probe.",
    severity: "high",
    fields: {
      ServiceRequest: ["spec.health", "spec.patches"],
      Score: ["containers.*.livenessProbe", "containers.*.readinessProbe"],
    },
    frameworks: podSecurity("hostProbesAndHostLifecycle"),
  },
  (container) =>
    HANDLERS.flatMap(([first, second]) => {
      const outer = fields(container.spec[first]);
      const handler = second === undefined ? outer : fields(outer[second]);
      const path = second === undefined ? first : `${first}.${second}`;
      return ACTIONS.flatMap((action) => {
        const host = fields(handler[action])["host"] ?? "";
        return host === ""
          ? []
          : [
              about(
                container,
                `has a ${path} that calls ${String(host)}`,
                `${path}.${action}.host`,
              ),
            ];
      });
    }),
);
