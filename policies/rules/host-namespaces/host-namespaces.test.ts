import { suite } from "../lib/suite.ts";
import { hostNamespaces } from "./host-namespaces.ts";

suite(hostNamespaces, {
  pods: [
    { title: "fails hostNetwork", set: { hostNetwork: true }, finds: ["hostNetwork"] },
    { title: "fails hostPID", set: { hostPID: true }, finds: ["hostPID"] },
    { title: "fails hostIPC", set: { hostIPC: true }, finds: ["hostIPC"] },
    {
      title: "passes namespaces that are declined",
      set: { hostNetwork: false, hostPID: false, hostIPC: false },
      finds: [],
    },
  ],
});
