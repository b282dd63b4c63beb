import { podSecurity } from "../lib/controls.ts";
import { podRule } from "../lib/rule.ts";
import { eachVolume } from "../lib/volumes.ts";

const ALLOWED = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

export const volumeTypes = podRule(
  {
    name: "volume-types",
    description: "Volumes are of the types that the restricted standard allows.",
    why: "Other types mount foreign storage with the node's rights and without the cluster's bookkeeping.",
    fix: "Use a volume claim (`type: volume`), a file, or an empty directory.",
    severity: "medium",
    fields: { ServiceRequest: ["spec.patches"], Score: ["resources", "containers"] },
    frameworks: podSecurity("restrictedVolumes"),
  },
  (pod) =>
    eachVolume(pod, ({ name, sources, path }) =>
      // A path of the node has a rule of its own.
      sources
        .filter((source) => source !== "hostPath" && !ALLOWED.includes(source))
        .map((source) => ({
          message: `volume "${name}" is of type ${source}; allowed are ${ALLOWED.join(", ")}`,
          path: `${path}.${source}`,
        })),
    ),
);
