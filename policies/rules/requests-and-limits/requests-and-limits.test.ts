import { suite } from "../lib/suite.ts";
import { requestsAndLimits } from "./requests-and-limits.ts";

suite(requestsAndLimits, {
  containers: [
    {
      title: "fails without any, in one finding",
      set: { resources: undefined },
      finds: ["resources"],
      lists: ["containers", "initContainers"],
    },
    {
      title: "fails without one of the four",
      set: { "resources.limits.cpu": undefined },
      finds: ["resources"],
      lists: ["containers", "initContainers"],
    },
    {
      title: "passes ephemeral containers, which cannot have any",
      set: { resources: undefined },
      finds: [],
      lists: ["ephemeralContainers"],
    },
  ],
});
