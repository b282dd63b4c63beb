import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { findPeer, findPort } from "../service/peer.ts";

const text = z.string().min(1);
const params = z.strictObject({
  service: text.describe("Name of the service; default the resource's own").optional(),
  port: z
    .union([text, z.int()])
    .describe(
      "Name or number of a published port; of a port it does not publish, its first is meant",
    )
    .optional(),
  openapi_file: text
    .describe("Documentation only: the service itself answers, not a mock")
    .optional(),
  openapi_title: text.describe("Documentation only").optional(),
  artifacts: z.json().describe("Documentation only").optional(),
  name: text.describe("Documentation only").optional(),
  version: z.union([text, z.number()]).describe("Documentation only").optional(),
});

/** HTTP address of another service of the environment. */
export const endpoint = driver<z.infer<typeof params>>({
  type: "endpoint",
  name: "endpoint",
  title: "The HTTP address of another service; never a mock",
  params,
  outputs: {
    url: { description: "Address with scheme, host and port", secret: false },
    name: { description: "Host name of the service", secret: false },
  },
  stateful: false,
  rotation: "none",
  proof: { kind: "no-server" },
  plan(request) {
    const { service = request.called?.resource ?? request.id, port: wanted } = request.params;
    const peer = findPeer(request, service);
    // The documents of others give the port of the mock that stands in for the service, which may be another one.
    const known = Object.entries(peer.ports).some(
      ([name, { port }]) => name === wanted || String(port) === String(wanted),
    );
    const port = findPort(request, service, peer.ports, known ? wanted : undefined);
    return {
      outputs: { url: `http://${peer.host}:${port.port}`, name: peer.host },
      ...peer.reach(Object.values(peer.ports)),
    };
  },
});
