import { type Environment, environmentSchema } from "../../contract/environment.ts";

/** A local environment with all its defaults. */
export const LOCAL: Environment = {
  ...environmentSchema.parse({
    apiVersion: "platform.company.com/v1",
    kind: "Environment",
    metadata: { name: "local" },
    spec: {
      cluster: { embedded: true },
      domain: "local.test",
      registry: "registry.example.com",
      registries: ["*"],
      resources: [],
    },
  }).spec,
  name: "local",
  file: "environments/local.yaml",
};
