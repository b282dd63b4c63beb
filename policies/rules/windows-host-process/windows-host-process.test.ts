import { suite } from "../lib/suite.ts";
import { windowsHostProcess } from "./windows-host-process.ts";

suite(windowsHostProcess, {
  containers: [
    {
      title: "fails a host process",
      set: { "securityContext.windowsOptions": { hostProcess: true } },
      finds: ["securityContext.windowsOptions.hostProcess"],
    },
  ],
  pods: [
    {
      title: "fails a pod of host processes",
      set: { "securityContext.windowsOptions": { hostProcess: true } },
      finds: ["securityContext.windowsOptions.hostProcess"],
    },
  ],
});
