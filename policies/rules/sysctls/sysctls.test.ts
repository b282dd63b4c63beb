import { suite } from "../lib/suite.ts";
import { sysctls } from "./sysctls.ts";

suite(sysctls, {
  pods: [
    {
      title: "fails a parameter of the node",
      set: {
        "securityContext.sysctls": [
          { name: "net.ipv4.tcp_syncookies", value: "1" },
          { name: "kernel.msgmax", value: "1" },
        ],
      },
      finds: ["securityContext.sysctls[1].name"],
    },
  ],
});
