import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { SECRET_STORE, storedSecret } from "../../stacks/contract/names.ts";
import { ownSecret } from "../base/server.plan.ts";

/** Arguments of the component, as plan data. */
export interface SecretSpec {
  /** The stored Secret, `<namespace>/<name>`. */
  readonly stored: string;
  /** Key of the value. */
  readonly key: string;
}

/** Params of every driver of secrets that a team brings. */
export const secretParams = {
  version: z
    .int()
    .min(1)
    .describe("Raise it after `fairway secret set`, so that pods restart with the new value")
    .default(1),
};
const params = z.strictObject(secretParams);

/** Outputs of every driver of secrets that a team brings. */
export const SECRET_OUTPUTS = { value: { description: "The secret", secret: true } };

/** A secret that a team brings, kept in the environment's cluster and written by `fairway secret set`. */
export const secretCluster = driver<z.infer<typeof params>>({
  type: "secret",
  name: "secret-cluster",
  title: "A secret that the team brings, kept in the environment's cluster",
  params,
  outputs: SECRET_OUTPUTS,
  stateful: false,
  rotation: "refused",
  proof: { kind: "no-server" },
  plan(request) {
    const name = storedSecret(request.service, request.id, request.environment.name);
    const args: SecretSpec = { stored: `${SECRET_STORE}/${name}`, key: "value" };
    return {
      args: { ...args },
      outputs: { value: ownSecret(request, "value") },
      revision: String(request.params.version),
    };
  },
});
