import { cis, podSecurity } from "../lib/controls.ts";
import { eachVolume } from "../lib/volumes.ts";
import { podRule } from "../lib/rule.ts";

export const hostPath = podRule(
  {
    name: "host-path",
    description: "No pod mounts a path of the node.",
    why: "A path of the node is the way to its keys, its container runtime and the data of every other pod.",
    fix: "Use a volume (`type: volume`), a file of the descriptor, or an empty directory.",
    severity: "critical",
    fields: { ServiceRequest: ["spec.patches"], Score: ["resources", "containers"] },
    frameworks: [...podSecurity("hostPathVolumes", "restrictedVolumes"), ...cis("5.2.11")],
  },
  (pod) =>
    eachVolume(pod, ({ name, sources, path }) =>
      sources.includes("hostPath")
        ? [{ message: `volume "${name}" is a path of the node`, path: `${path}.hostPath` }]
        : [],
    ),
);
