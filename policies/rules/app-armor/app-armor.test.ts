import { suite } from "../lib/suite.ts";
import { appArmor } from "./app-armor.ts";

suite(appArmor, {
  containers: [
    {
      title: "fails an unconfined container",
      set: { "securityContext.appArmorProfile": { type: "Unconfined" } },
      finds: ["securityContext.appArmorProfile.type"],
    },
    {
      title: "passes the runtime's profile",
      set: { "securityContext.appArmorProfile": { type: "RuntimeDefault" } },
      finds: [],
    },
  ],
  pods: [
    {
      title: "fails an unconfined pod",
      set: { "securityContext.appArmorProfile": { type: "Unconfined" } },
      finds: ["securityContext.appArmorProfile.type"],
    },
  ],
  objects: [
    {
      title: "fails an unconfined annotation",
      set: {
        'metadata.annotations["container.apparmor.security.beta.kubernetes.io/main"]': "unconfined",
      },
      finds: ['metadata.annotations["container.apparmor.security.beta.kubernetes.io/main"]'],
      on: "core/v1:Pod",
    },
    {
      title: "passes a profile of the node by annotation",
      set: {
        'metadata.annotations["container.apparmor.security.beta.kubernetes.io/main"]':
          "localhost/ours",
      },
      finds: [],
      on: "core/v1:Pod",
    },
  ],
});
