import { suite } from "../lib/suite.ts";
import { privileged } from "./privileged.ts";

suite(privileged, {
  containers: [
    {
      title: "fails a privileged container",
      set: { "securityContext.privileged": true },
      finds: ["securityContext.privileged"],
    },
  ],
});
