import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { FairwayComponent } from "../base/component.ts";
import type { HeldSecretSpec } from "./secret-aws.plan.ts";

/** Arguments of a secret in Secrets Manager. */
export type HeldSecretArgs = HeldSecretSpec;

/**
 * Finds a secret that a team brought to Secrets Manager, and never its value. It owns nothing: destroying it leaves the
 * secret. Example: `examples/held-secret.ts`.
 */
export class HeldSecret extends FairwayComponent {
  static readonly type = "fairway:secret:HeldSecret";
  /** ARN of the secret, whose member `value` is what the team brought. */
  readonly secretArn: Output<string>;

  constructor(name: string, args: HeldSecretArgs, opts?: ComponentResourceOptions) {
    super(HeldSecret.type, name, opts);
    // The API takes the name where an ARN is asked for, and answers the ARN with its six random characters.
    const stored = Secret.get(`${name}-stored`, args.name, {}, { parent: this });
    this.secretArn = stored.arn;
    this.registerOutputs({ secretArn: this.secretArn });
  }
}
