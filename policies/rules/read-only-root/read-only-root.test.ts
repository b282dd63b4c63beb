import { suite } from "../lib/suite.ts";
import { readOnlyRoot } from "./read-only-root.ts";

suite(readOnlyRoot, {
  containers: [
    {
      title: "fails where it can be written",
      set: { "securityContext.readOnlyRootFilesystem": false },
      finds: ["securityContext.readOnlyRootFilesystem"],
    },
    {
      title: "fails where it is not said",
      set: { "securityContext.readOnlyRootFilesystem": undefined },
      finds: ["securityContext.readOnlyRootFilesystem"],
    },
  ],
  pods: [
    {
      title: "passes a Windows pod",
      set: { os: { name: "windows" }, "containers[0].securityContext": {} },
      finds: [],
    },
  ],
});
