import { suite } from "../lib/suite.ts";
import { privilegeEscalation } from "./privilege-escalation.ts";

suite(privilegeEscalation, {
  containers: [
    {
      title: "fails where it is allowed",
      set: { "securityContext.allowPrivilegeEscalation": true },
      finds: ["securityContext.allowPrivilegeEscalation"],
    },
    {
      title: "fails where it is not said",
      set: { "securityContext.allowPrivilegeEscalation": undefined },
      finds: ["securityContext.allowPrivilegeEscalation"],
    },
    {
      title: "fails without a security context",
      set: { securityContext: undefined },
      finds: ["securityContext.allowPrivilegeEscalation"],
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
