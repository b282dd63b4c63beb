import { suite } from "../lib/suite.ts";
import { hostPort } from "./host-port.ts";

suite(hostPort, {
  containers: [
    {
      title: "fails a port of the node",
      set: { ports: [{ containerPort: 1 }, { containerPort: 2, hostPort: 80 }] },
      finds: ["ports[1].hostPort"],
    },
    { title: "passes the port 0", set: { ports: [{ containerPort: 2, hostPort: 0 }] }, finds: [] },
  ],
});
