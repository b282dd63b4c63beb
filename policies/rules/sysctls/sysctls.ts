import { podSecurity } from "../lib/controls.ts";
import { attempt, each } from "../lib/each.ts";
import { securityOf } from "../lib/pods.ts";
import { fields, list } from "../lib/read.ts";
import { podRule } from "../lib/rule.ts";

/** Namespaced, and harmless to neighbours, as of Kubernetes 1.32 to 1.36. */
const SAFE: readonly unknown[] = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

export const sysctls = podRule(
  {
    name: "sysctls",
    description: "Pods set only kernel parameters that stay in the pod.",
    why: "Other parameters change the kernel of the node for all pods on it.",
    fix: "Remove the parameter.",
    severity: "high",
    fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
    frameworks: podSecurity("sysctls"),
  },
  (pod) => [
    ...attempt(() => {
      const set = list(securityOf(pod)["sysctls"]);
      return each(set.length, (index) => {
        const name = fields(set[index])["name"];
        return SAFE.includes(name)
          ? []
          : [
              {
                message: `the pod sets the kernel parameter ${String(name)}`,
                path: `${pod.specPath}.securityContext.sysctls[${index}].name`,
              },
            ];
      });
    }),
  ],
);
