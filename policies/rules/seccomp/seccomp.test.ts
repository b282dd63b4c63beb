import { suite } from "../lib/suite.ts";
import { seccomp } from "./seccomp.ts";

suite(seccomp, {
  containers: [
    {
      title: "fails an unconfined container",
      set: { "securityContext.seccompProfile": { type: "Unconfined" } },
      finds: ["securityContext.seccompProfile.type"],
    },
    {
      title: "passes a profile of the node",
      set: { "securityContext.seccompProfile": { type: "Localhost" } },
      finds: [],
    },
  ],
  pods: [
    {
      title: "fails an unconfined pod and what leaves it to its pod",
      set: {
        "securityContext.seccompProfile.type": "Unconfined",
        initContainers: [],
        ephemeralContainers: [],
      },
      finds: [
        "securityContext.seccompProfile.type",
        "containers[0].securityContext.seccompProfile.type",
      ],
    },
    {
      title: "fails where neither has one",
      set: {
        "securityContext.seccompProfile": undefined,
        initContainers: [],
        ephemeralContainers: [],
      },
      finds: ["containers[0].securityContext.seccompProfile.type"],
    },
    {
      title: "passes a Windows pod",
      set: { os: { name: "windows" }, "securityContext.seccompProfile": undefined },
      finds: [],
    },
  ],
});
