import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { FairwayComponent } from "../base/component.ts";
import type { HeldSecretSpec } from "./secret-aws.plan.ts";

/** Arguments of a secret in Secrets Manager. */
export type HeldSecretArgs = HeldSecretSpec;

/**
 * A secret that a team brought to Secrets Manager. It builds nothing and asks for nothing: pods read the value there by
 * its name, and destroying it leaves the secret. Example: `examples/held-secret.ts`.
 */
export class HeldSecret extends FairwayComponent {
  static readonly type = "fairway:secret:HeldSecret";
  /** What finds the secret, whose member `value` is what the team brought: its name, as good as its ARN. */
  readonly secretArn: string;

  constructor(name: string, args: HeldSecretArgs, opts?: ComponentResourceOptions) {
    super(HeldSecret.type, name, opts);
    this.secretArn = args.name;
    this.registerOutputs({ secretArn: this.secretArn });
  }
}
