import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";

const params = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What the environment says of itself, and the values that its rule gives as params. */
export const environment = driver<z.infer<typeof params>>({
  type: "environment",
  name: "environment",
  title: "What the environment says of itself; every param is an output too",
  params,
  outputs: {
    name: { description: "Name of the environment", secret: false },
    domain: { description: "Domain of its routes", secret: false },
    namespace: { description: "Namespace of the asking service", secret: false },
  },
  stateful: false,
  rotation: "none",
  proof: { kind: "no-server" },
  plan: (request) => ({
    outputs: {
      name: request.environment.name,
      domain: request.environment.domain,
      namespace: request.namespace,
      ...request.params,
    },
  }),
});
