import { suite } from "../lib/suite.ts";
import { runAsNonRoot } from "./run-as-non-root.ts";

suite(runAsNonRoot, {
  containers: [
    {
      title: "fails a container that declines",
      set: { "securityContext.runAsNonRoot": false },
      finds: ["securityContext.runAsNonRoot"],
    },
    {
      title: "fails a container of user 0",
      set: { "securityContext.runAsUser": 0 },
      finds: ["securityContext.runAsUser"],
    },
    {
      title: "passes a container that leaves it to its pod",
      set: { "securityContext.runAsNonRoot": undefined },
      finds: [],
    },
  ],
  pods: [
    {
      title: "fails a pod that declines",
      set: { "securityContext.runAsNonRoot": false },
      finds: ["securityContext.runAsNonRoot"],
    },
    {
      title: "fails a pod of user 0",
      set: { "securityContext.runAsUser": 0 },
      finds: ["securityContext.runAsUser"],
    },
    {
      title: "fails where neither says it",
      set: { "securityContext.runAsNonRoot": undefined, "initContainers[0].securityContext": {} },
      finds: ["initContainers[0].securityContext.runAsNonRoot"],
    },
    {
      title: "passes a pod whose containers all say it",
      set: { "securityContext.runAsNonRoot": undefined },
      finds: [],
    },
    {
      title: "passes root in a user namespace of its own",
      set: { hostUsers: false, "securityContext.runAsUser": 0 },
      finds: [],
    },
  ],
});
