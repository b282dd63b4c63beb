import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key, type KeyArgs } from "@pulumi/aws/kms/key.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { document } from "../base/policy.ts";
import type { AwsKeysSpec } from "./aws.plan.ts";

/** Arguments of keys. */
export type AwsKeysArgs = AwsKeysSpec & {
  readonly transforms?: {
    /** Every key; a function sees the name. */
    readonly key?: Transform<KeyArgs>;
  };
};

/** A key for each class of data, that AWS changes every year. Example: `examples/aws-keys.ts`. */
export class AwsKeys extends FairwayComponent {
  static readonly type = "fairway:platform:AwsKeys";
  /** ARNs by `key-<data class>`. */
  readonly arns: Readonly<Record<string, Output<string>>>;

  constructor(name: string, args: AwsKeysArgs, opts?: ComponentResourceOptions) {
    super(AwsKeys.type, name, opts);
    const policy = policyOf(args.account);
    this.arns = Object.fromEntries(
      args.keys.map(({ dataClass, alias }) => {
        const key = this.child(
          dataClass,
          Key,
          {
            description: `Data of the class ${dataClass}`,
            enableKeyRotation: true,
            deletionWindowInDays: 30,
            policy,
          },
          args.transforms?.key,
        );
        this.child(`${dataClass}-alias`, Alias, { name: alias, targetKeyId: key.keyId });
        return [`key-${dataClass}`, key.arn];
      }),
    );
    this.registerOutputs({});
  }
}

/**
 * The policies of roles decide who uses a key: the first statement hands that to them. Services that have no role act for
 * the account alone: SNS and events of S3 write to queues that are encrypted.
 */
const policyOf = (account: string): Output<string> =>
  document([
    {
      Sid: "Account",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "Services",
      Effect: "Allow",
      Principal: { Service: ["sns.amazonaws.com", "s3.amazonaws.com"] },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
  ]);
