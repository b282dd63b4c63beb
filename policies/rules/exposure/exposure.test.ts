import { suite } from "../lib/suite.ts";
import { exposure } from "./exposure.ts";

suite(exposure, {
  objects: [
    {
      title: "fails a LoadBalancer",
      set: { "spec.type": "LoadBalancer" },
      finds: ["spec.type"],
      on: "core/v1:Service",
    },
    {
      title: "fails a NodePort",
      set: { "spec.type": "NodePort" },
      finds: ["spec.type"],
      on: "core/v1:Service",
    },
    {
      title: "fails external addresses",
      set: { "spec.externalIPs": ["192.0.2.1"] },
      finds: ["spec.externalIPs"],
      on: "core/v1:Service",
    },
    {
      title: "fails a port of every node",
      set: { "spec.ports[0].nodePort": 30000 },
      finds: ["spec.ports[0].nodePort"],
      on: "core/v1:Service",
    },
  ],
});
