import { suite } from "../lib/suite.ts";
import { probes } from "./probes.ts";

suite(probes, {
  containers: [
    {
      title: "fails a long-running container without them",
      set: { livenessProbe: undefined, readinessProbe: undefined },
      finds: ["livenessProbe", "readinessProbe"],
      lists: ["containers"],
    },
  ],
  pods: [],
  objects: [
    {
      title: "passes a job",
      set: { "spec.template.spec.containers[0].livenessProbe": undefined },
      finds: [],
      on: "batch/v1:Job",
    },
    {
      title: "passes a pod that runs once",
      set: { "spec.restartPolicy": "Never", "spec.containers[0].livenessProbe": undefined },
      finds: [],
      on: "core/v1:Pod",
    },
  ],
});
