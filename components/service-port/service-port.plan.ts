import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { findPeer, findPort } from "../service/peer.ts";

const params = z.strictObject({
  workload: z.string().min(2).describe("Name of the service"),
  port: z
    .union([z.string().min(1), z.int()])
    .describe("Name or number of a published port; default its first")
    .optional(),
});

/** One published port of another service, or of the asking one. */
export const servicePort = driver<z.infer<typeof params>>({
  type: "service-port",
  name: "service-port",
  title: "A published port of a service",
  params,
  outputs: {
    hostname: { description: "Host name of the service", secret: false },
    port: { description: "Number of the port", secret: false },
  },
  stateful: false,
  rotation: "none",
  proof: { kind: "no-server" },
  plan(request) {
    const { workload, port: wanted } = request.params;
    const peer = findPeer(request, workload);
    const port = findPort(request, workload, peer.ports, wanted);
    return { outputs: { hostname: peer.host, port: port.port }, ...peer.reach([port]) };
  },
});
