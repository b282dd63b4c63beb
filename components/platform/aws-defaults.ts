import { SubnetGroup as DocdbSubnetGroup } from "@pulumi/aws/docdb/subnetGroup.js";
import { RegistryScanningConfiguration } from "@pulumi/aws/ecr/registryScanningConfiguration.js";
import {
  RepositoryCreationTemplate,
  type RepositoryCreationTemplateArgs,
} from "@pulumi/aws/ecr/repositoryCreationTemplate.js";
import { SubnetGroup as CacheSubnetGroup } from "@pulumi/aws/elasticache/subnetGroup.js";
import { SubnetGroup as RdsSubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import { Bucket, type BucketArgs } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { type ComponentResourceOptions, type Input, output } from "@pulumi/pulumi";
import { OWNED, PRIVATE } from "../base/bucket.ts";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { document, tlsOnly } from "../base/policy.ts";
import type { AwsDefaultsSpec } from "./aws.plan.ts";

/** Arguments of an account's defaults. */
export type AwsDefaultsArgs = AwsDefaultsSpec<Input<string>> & {
  readonly transforms?: {
    readonly logBucket?: Transform<BucketArgs>;
    readonly repositories?: Transform<RepositoryCreationTemplateArgs>;
  };
};

/** What services need once: groups of subnets, a bucket for access logs, and how repositories of images begin. Example: `examples/aws-defaults.ts`. */
export class AwsDefaults extends FairwayComponent {
  static readonly type = "fairway:platform:AwsDefaults";

  constructor(name: string, args: AwsDefaultsArgs, opts?: ComponentResourceOptions) {
    super(AwsDefaults.type, name, opts);
    this.#subnetGroups(args);
    this.#logBucket(args);
    this.child(
      "repositories",
      RepositoryCreationTemplate,
      {
        prefix: "ROOT",
        description: "Repositories that are made by a first push or a pull-through cache",
        appliedFors: ["PULL_THROUGH_CACHE", "REPLICATION"],
        imageTagMutability: "IMMUTABLE",
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        lifecyclePolicy: JSON.stringify(UNTAGGED),
      },
      args.transforms?.repositories,
    );
    this.child("scanning", RegistryScanningConfiguration, {
      scanType: "BASIC",
      rules: [
        {
          scanFrequency: "SCAN_ON_PUSH",
          repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }],
        },
      ],
    });
    this.registerOutputs({});
  }

  #subnetGroups({ databaseSubnets, subnetGroups }: AwsDefaultsArgs): void {
    const subnetIds = output(databaseSubnets).apply((ids) => ids.split(","));
    const description = "Isolated subnets";
    this.child("rds", RdsSubnetGroup, { name: subnetGroups.rds, description, subnetIds });
    this.child("elasticache", CacheSubnetGroup, {
      name: subnetGroups.elasticache,
      description,
      subnetIds,
    });
    this.child("docdb", DocdbSubnetGroup, { name: subnetGroups.docdb, description, subnetIds });
  }

  /** S3 delivers access logs to buckets that are encrypted with keys of its own only. */
  #logBucket({ logBucket, account, logs, transforms = {} }: AwsDefaultsArgs): void {
    const made = this.child("access-logs", Bucket, { bucket: logBucket }, transforms.logBucket);
    const bucket = made.bucket;
    const ownership = this.child("access-logs-ownership", BucketOwnershipControls, {
      bucket,
      ...OWNED,
    });
    const block = this.child(
      "access-logs-access",
      BucketPublicAccessBlock,
      { bucket, ...PRIVATE },
      undefined,
      { dependsOn: [ownership] },
    );
    const arn = `arn:aws:s3:::${logBucket}`;
    this.child(
      "access-logs-policy",
      BucketPolicy,
      {
        bucket,
        policy: document([
          tlsOnly("s3:*", [arn, `${arn}/*`]),
          {
            Sid: "Deliver",
            Effect: "Allow",
            Principal: { Service: "logging.s3.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `${arn}/*`,
            Condition: { StringEquals: { "aws:SourceAccount": account } },
          },
        ]),
      },
      undefined,
      { dependsOn: [block] },
    );
    this.child("access-logs-encryption", BucketServerSideEncryptionConfiguration, {
      bucket,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    this.child("access-logs-lifecycle", BucketLifecycleConfiguration, {
      bucket,
      rules: [{ id: "end", status: "Enabled", filter: {}, expiration: { days: logs } }],
    });
  }
}

/** Images that no tag leads to any more. */
const UNTAGGED = {
  rules: [
    {
      rulePriority: 1,
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: 14,
      },
      action: { type: "expire" },
    },
  ],
};
