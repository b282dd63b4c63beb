import { suite } from "../lib/suite.ts";
import { hostPath } from "./host-path.ts";

suite(hostPath, {
  pods: [
    {
      title: "fails a path of the node",
      set: { "volumes[0]": { name: "node", hostPath: { path: "/" } } },
      finds: ["volumes[0].hostPath"],
    },
  ],
});
