import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { findPeer } from "./peer.ts";

const params = z.strictObject({
  service: z.string().min(2).describe("Its name; default the resource's own").optional(),
});

/** Another service of the same environment, by name. */
export const service = driver<z.infer<typeof params>>({
  type: "service",
  name: "service",
  title: "Another service of the environment",
  params,
  outputs: { name: { description: "Host name of the service", secret: false } },
  stateful: false,
  rotation: "none",
  proof: { kind: "no-server" },
  plan(request) {
    const peer = findPeer(
      request,
      request.params.service ?? request.called?.resource ?? request.id,
    );
    return { outputs: { name: peer.host }, ...peer.reach(Object.values(peer.ports)) };
  },
});
