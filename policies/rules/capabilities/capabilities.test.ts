import { suite } from "../lib/suite.ts";
import { capabilities } from "./capabilities.ts";

suite(capabilities, {
  containers: [
    {
      title: "fails an added capability",
      set: { "securityContext.capabilities.add": ["SYS_ADMIN"] },
      finds: ["securityContext.capabilities.add"],
    },
    {
      title: "fails where not all are dropped",
      set: { "securityContext.capabilities.drop": ["NET_RAW"] },
      finds: ["securityContext.capabilities.drop"],
    },
    {
      title: "fails twice without drop and with add",
      set: { "securityContext.capabilities": { add: ["CHOWN"] } },
      finds: ["securityContext.capabilities.add", "securityContext.capabilities.drop"],
    },
    {
      title: "passes low ports",
      set: { "securityContext.capabilities.add": ["NET_BIND_SERVICE"] },
      finds: [],
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
