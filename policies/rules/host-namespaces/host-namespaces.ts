import { cis, iso27001, pci, podSecurity } from "../lib/controls.ts";
import { podRule } from "../lib/rule.ts";

const NAMESPACES = ["hostNetwork", "hostPID", "hostIPC"] as const;

export const hostNamespaces = podRule(
  {
    name: "host-namespaces",
    description: "No pod shares the node's network, process or IPC namespace.",
    why: "In the node's namespaces a pod sees every process and every packet of its neighbours, and no network policy holds it.",
    fix: "Remove `hostNetwork`, `hostPID` and `hostIPC`.",
    severity: "critical",
    fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
    frameworks: [
      ...podSecurity("hostNamespaces"),
      ...cis("5.2.3", "5.2.4", "5.2.5"),
      ...pci("1.2.8", "1.3.1", "1.4.1", "1.4.5"),
      ...iso27001("8.16"),
    ],
  },
  ({ spec, specPath }) =>
    NAMESPACES.filter((key) => spec[key] === true).map((key) => ({
      message: `the pod sets ${key}`,
      path: `${specPath}.${key}`,
    })),
);
