import { suite } from "../lib/suite.ts";
import { probeHost } from "./probe-host.ts";

suite(probeHost, {
  containers: [
    {
      title: "fails a probe of another host",
      set: { startupProbe: { tcpSocket: { host: "10.0.0.1", port: 1 } } },
      finds: ["startupProbe.tcpSocket.host"],
    },
    {
      title: "fails a hook of another host",
      set: { lifecycle: { preStop: { httpGet: { host: "metadata", path: "/", port: 80 } } } },
      finds: ["lifecycle.preStop.httpGet.host"],
    },
    {
      title: "passes a probe without a host",
      set: { startupProbe: { httpGet: { host: "", path: "/", port: 80 } } },
      finds: [],
    },
  ],
});
