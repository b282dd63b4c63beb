import { AccessKey } from "@pulumi/aws/iam/accessKey.js";
import { User, type UserArgs } from "@pulumi/aws/iam/user.js";
import { UserPolicy } from "@pulumi/aws/iam/userPolicy.js";
import { Bucket as S3Bucket, type BucketArgs as S3BucketArgs } from "@pulumi/aws/s3/bucket.js";
import {
  BucketLifecycleConfiguration,
  type BucketLifecycleConfigurationArgs,
} from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketLogging, type BucketLoggingArgs } from "@pulumi/aws/s3/bucketLogging.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy, type BucketPolicyArgs } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import {
  type ComponentResourceOptions,
  type Input,
  type Output,
  all,
  jsonStringify,
} from "@pulumi/pulumi";
import { OWNED, PRIVATE } from "../base/bucket.ts";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { type ResolvedStatement, allowing, document, tlsOnly } from "../base/policy.ts";
import type { BucketSpec } from "./s3-aws.plan.ts";

/** Arguments of a bucket. */
export type BucketArgs = BucketSpec<Input<string>, ResolvedStatement> & {
  readonly transforms?: {
    readonly bucket?: Transform<S3BucketArgs>;
    readonly lifecycle?: Transform<BucketLifecycleConfigurationArgs>;
    readonly policy?: Transform<BucketPolicyArgs>;
    readonly logging?: Transform<BucketLoggingArgs>;
    readonly user?: Transform<UserArgs>;
  };
};

/** A private bucket of S3, and a user with static keys where the arguments ask for one. Example: `examples/bucket.ts`. */
export class Bucket extends FairwayComponent {
  static readonly type = "fairway:s3:Bucket";
  readonly nodes: { readonly bucket: S3Bucket };
  /** ARN of the secret that holds the user's key: members `access_key_id`, `secret_key`, and both after `aws_`. */
  readonly secretArn?: Output<string>;

  constructor(name: string, args: BucketArgs, opts?: ComponentResourceOptions) {
    super(Bucket.type, name, opts);
    const { transforms = {} } = args;
    const node = this.child(
      "bucket",
      S3Bucket,
      { bucket: args.bucket, ...(args.disposable && { forceDestroy: true }) },
      transforms.bucket,
    );
    const bucket = node.bucket;
    // S3 answers "conflicting operation" where two of these come at once.
    const ownership = this.child("ownership", BucketOwnershipControls, { bucket, ...OWNED });
    const block = this.child("access", BucketPublicAccessBlock, { bucket, ...PRIVATE }, undefined, {
      dependsOn: [ownership],
    });
    this.child(
      "policy",
      BucketPolicy,
      { bucket, policy: document([tlsOnly("s3:*", [args.arn, `${args.arn}/*`])]) },
      transforms.policy,
      { dependsOn: [block] },
    );
    this.child("encryption", BucketServerSideEncryptionConfiguration, {
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: args.key,
          },
          bucketKeyEnabled: true,
        },
      ],
    });
    const versioning = this.child("versioning", BucketVersioning, {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    this.child(
      "lifecycle",
      BucketLifecycleConfiguration,
      { bucket, rules: lifecycle(args) },
      transforms.lifecycle,
      { dependsOn: [versioning] },
    );
    this.child(
      "logging",
      BucketLogging,
      { bucket, targetBucket: args.logBucket, targetPrefix: `${args.bucket}/` },
      transforms.logging,
    );
    this.nodes = { bucket: node };
    if (args.keys) this.secretArn = this.#keys(args.keys, args.key, transforms.user);
    this.registerOutputs({ bucket, secretArn: this.secretArn });
  }

  #keys(
    keys: NonNullable<BucketArgs["keys"]>,
    key: Input<string>,
    transform?: Transform<UserArgs>,
  ): Output<string> {
    const user = this.child(
      "user",
      User,
      {
        name: keys.user,
        path: "/fairway/",
        ...(keys.permissionsBoundary !== undefined && {
          permissionsBoundary: keys.permissionsBoundary,
        }),
      },
      transform,
    );
    this.child("user-policy", UserPolicy, {
      name: "bucket",
      user: user.name,
      policy: allowing(keys.statements),
    });
    const made = this.child(`key-${keys.rotation}`, AccessKey, { user: user.name });
    // Made anew at any time, so that there is nothing to wait for before the name is free again.
    const secret = this.child("secret", Secret, {
      name: keys.secret,
      kmsKeyId: key,
      recoveryWindowInDays: 0,
    });
    const version = this.child("secret-value", SecretVersion, {
      secretId: secret.id,
      secretString: jsonStringify({
        access_key_id: made.id,
        secret_key: made.secret,
        aws_access_key_id: made.id,
        aws_secret_key: made.secret,
      }),
    });
    // Whoever reads the secret waits for its value.
    return all([secret.arn, version.id]).apply(([arn]) => arn);
  }
}

function lifecycle({
  keepDays,
  expireDays,
}: BucketArgs): BucketLifecycleConfigurationArgs["rules"] & object {
  return [
    {
      id: "tidy",
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: { noncurrentDays: keepDays },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      // Of an object whose versions are all gone, the mark that it was deleted goes too.
      expiration:
        expireDays === undefined ? { expiredObjectDeleteMarker: true } : { days: expireDays },
    },
  ];
}
