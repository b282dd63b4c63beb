import { suite } from "../lib/suite.ts";
import { seLinux } from "./se-linux.ts";

suite(seLinux, {
  containers: [
    {
      title: "fails a foreign type",
      set: { "securityContext.seLinuxOptions": { type: "spc_t" } },
      finds: ["securityContext.seLinuxOptions.type"],
    },
    {
      title: "fails a user and a role",
      set: { "securityContext.seLinuxOptions": { type: "container_t", user: "u", role: "r" } },
      finds: ["securityContext.seLinuxOptions.user", "securityContext.seLinuxOptions.role"],
    },
    {
      title: "passes a container type",
      set: { "securityContext.seLinuxOptions": { type: "container_kvm_t", user: "" } },
      finds: [],
    },
  ],
  pods: [
    {
      title: "fails a foreign type of the pod",
      set: { "securityContext.seLinuxOptions": { type: "spc_t" } },
      finds: ["securityContext.seLinuxOptions.type"],
    },
  ],
});
