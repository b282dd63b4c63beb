import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { type ComponentResourceOptions, type Output, secret } from "@pulumi/pulumi";
import { FairwayComponent } from "../base/component.ts";
import type { SecretSpec } from "./secret-cluster.plan.ts";

/** Arguments of a secret that a team brings. */
export type BroughtSecretArgs = SecretSpec;

/** Reads a secret that a team brought from the environment's store. It owns nothing: destroying it leaves the secret. */
export class BroughtSecret extends FairwayComponent {
  static readonly type = "fairway:secret:BroughtSecret";
  readonly value: Output<string>;

  constructor(name: string, args: BroughtSecretArgs, opts?: ComponentResourceOptions) {
    super(BroughtSecret.type, name, opts);
    const stored = Secret.get(`${name}-stored`, args.stored, { parent: this });
    this.value = secret(
      stored.data.apply((data) => Buffer.from(data[args.key] ?? "", "base64").toString("utf8")),
    );
    this.registerOutputs({ value: this.value });
  }
}
