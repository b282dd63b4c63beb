import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { heldName } from "../../stacks/contract/names.ts";
import { heldSecret, readsSecret } from "../base/aws.plan.ts";
import { SECRET_OUTPUTS, secretParams } from "./secret-cluster.plan.ts";

/** Arguments of the component, as plan data. */
export interface HeldSecretSpec {
  /** Name in Secrets Manager. */
  readonly name: string;
}

const params = z.strictObject(secretParams);

/** A secret that a team brings, kept in Secrets Manager and written by `fairway secret set`. No program ever sees it. */
export const secretAws = driver<z.infer<typeof params>>({
  type: "secret",
  name: "secret-aws",
  title: "A secret that the team brings, kept in Secrets Manager",
  params,
  outputs: SECRET_OUTPUTS,
  cloud: "aws",
  stateful: false,
  rotation: "refused",
  proof: { kind: "rehearsed" },
  plan(request) {
    const name = heldName(request.service, request.id, request.environment.name);
    const args: HeldSecretSpec = { name };
    return {
      args: { ...args },
      outputs: { value: heldSecret(request, "value") },
      iam: readsSecret(request, name),
      revision: String(request.params.version),
      costs: [{ sku: "secretsmanager.secret", quantity: 1, unit: "month" }],
    };
  },
});
