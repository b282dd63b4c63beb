import { suite } from "../lib/suite.ts";
import { procMount } from "./proc-mount.ts";

suite(procMount, {
  containers: [
    {
      title: "fails an unmasked /proc",
      set: { "securityContext.procMount": "Unmasked" },
      finds: ["securityContext.procMount"],
    },
    { title: "passes the default", set: { "securityContext.procMount": "Default" }, finds: [] },
  ],
});
