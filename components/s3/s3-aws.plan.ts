import { z } from "zod";
import type { CostItem } from "../../stacks/contract/cost.ts";
import { type DriverRequest, driver } from "../../stacks/contract/driver.ts";
import type { IamStatement } from "../../stacks/contract/iam.ts";
import { cut, heldName } from "../../stacks/contract/names.ts";
import { parseQuantity } from "../../stacks/contract/quantity.ts";
import type { Text } from "../../stacks/contract/value.ts";
import {
  apiEdge,
  arn,
  awsOf,
  heldSecret,
  keyOf,
  readsSecret,
  sidOf,
  usesKey,
} from "../base/aws.plan.ts";
import { serverParams } from "../base/server.plan.ts";

/** Arguments of the component, as plan data. */
export interface BucketSpec<T = Text, S = IamStatement> {
  /** Name of the bucket, one in all the world. */
  readonly bucket: string;
  readonly arn: string;
  /** ARN of the KMS key that encrypts objects. */
  readonly key: T;
  /** Bucket of the access logs; every bucket has a folder there. */
  readonly logBucket: string;
  /** Days that an overwritten or deleted object can still be had. */
  readonly keepDays: number;
  /** Days after which objects are deleted; absent: never. */
  readonly expireDays?: number;
  /** Deleting the bucket deletes what is in it. */
  readonly disposable: boolean;
  /** A user with keys that never change by themselves, for code that cannot take a role. */
  readonly keys?: {
    readonly user: string;
    /** Raised to make other keys. */
    readonly rotation: number;
    readonly permissionsBoundary?: string;
    /** Name of the secret in Secrets Manager that holds both parts of the key. */
    readonly secret: string;
    readonly statements: readonly S[];
  };
}

/** Outputs that are members of the secret in Secrets Manager. */
const KEY_OUTPUTS = ["access_key_id", "secret_key", "aws_access_key_id", "aws_secret_key"] as const;

/** Bucket of an environment, made by its platform's stack, that holds the access logs of all others. */
export const logBucket = (environment: string, account: string): string =>
  `fairway-${environment}-access-logs-${account}`;

/** Requests in a month that the estimate of costs assumes. */
const REQUESTS = { small: 1, medium: 10, large: 100 } as const;

const params = z.strictObject({
  size: serverParams.size.describe("Requests that the estimate of costs assumes"),
  storage: serverParams.storage.describe(
    "Content that the estimate of costs assumes; a bucket has no limit",
  ),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "expected 3 to 63 of a-z, 0-9 and -")
    .describe(
      "Exact name of the bucket; default `<service>-<resource>-<environment>-<account>`, cut to 63",
    )
    .optional(),
  access: z
    .enum(["read-write", "read"])
    .describe("What pods may do with objects")
    .default("read-write"),
  keys: z
    .boolean()
    .describe("Static keys beside the role of the pods, for code that reads them from variables")
    .default(true),
  rotation: serverParams.rotation.describe(
    "Raise it to have other keys; the old ones end with the update",
  ),
  keepDays: z
    .int()
    .min(1)
    .max(3650)
    .describe("Days that an overwritten or deleted object can still be had")
    .default(30),
  expireDays: z
    .int()
    .min(1)
    .max(36_500)
    .describe("Days after which objects are deleted; default never")
    .optional(),
});
type Params = z.infer<typeof params>;

/** S3 itself. */
export const s3Aws = driver<Params>({
  type: "s3",
  name: "s3-aws",
  title: "A bucket in S3: private, encrypted, versioned, logged",
  params,
  outputs: {
    bucket: { description: "Name of the bucket", secret: false },
    access_key_id: { description: "Access key; absent with `keys: false`", secret: true },
    secret_key: { description: "Secret key; absent with `keys: false`", secret: true },
    endpoint: { description: "URL of S3 in the region", secret: false },
    region: { description: "Region of the bucket", secret: false },
    aws_access_key_id: { description: "The access key again", secret: true },
    aws_secret_key: { description: "The secret key again", secret: true },
  },
  cloud: "aws",
  stateful: true,
  rotation: "server",
  proof: { kind: "rehearsed" },
  plan(request) {
    const { params: given, environment, service, id } = request;
    const cloud = awsOf(environment);
    const bucket =
      given.name ?? cut(`${service}-${id}-${environment.name}-${cloud.account}`.toLowerCase(), 63);
    const bucketArn = arn(cloud, "s3", bucket, "global");
    const statements = access(request, bucketArn);
    const args = {
      bucket,
      arn: bucketArn,
      key: keyOf(request.dataClass),
      logBucket: logBucket(environment.name, cloud.account),
      keepDays: given.keepDays,
      ...(given.expireDays !== undefined && { expireDays: given.expireDays }),
      disposable: environment.stateful === "disposable",
      ...(given.keys && {
        keys: {
          user: cut(`fairway-${service}-${id}-${environment.name}`, 64),
          rotation: given.rotation,
          ...(cloud.permissionsBoundary !== undefined && {
            permissionsBoundary: cloud.permissionsBoundary,
          }),
          secret: heldName(service, id, environment.name, "keys"),
          statements: statements.map((statement) => ({ ...statement })),
        },
      }),
    } satisfies BucketSpec;
    // The id is held too: it is no secret, but known too late for the pods' variables to be judged before.
    const keys = given.keys ? KEY_OUTPUTS.map((key) => [key, heldSecret(request, key)]) : [];
    const endpoint = `https://s3.${cloud.region}.amazonaws.com`;
    return {
      args,
      outputs: { bucket, endpoint, region: cloud.region, ...Object.fromEntries(keys) },
      edges: [apiEdge(request)],
      iam: [...statements, ...(given.keys ? readsSecret(request) : [])],
      costs: costs(given),
      ...(given.keys && { revision: String(given.rotation) }),
    };
  },
});

/** What the asking service may do with the bucket, by its role or by its keys. */
function access(request: DriverRequest<Params>, bucketArn: string): IamStatement[] {
  const writes = request.params.access === "read-write";
  return [
    {
      sid: sidOf(request, "Bucket"),
      actions: [
        "s3:GetBucketLocation",
        "s3:ListBucket",
        ...(writes ? ["s3:ListBucketMultipartUploads"] : []),
      ],
      resources: [bucketArn],
      reason: `list the objects of ${request.id}`,
    },
    {
      sid: sidOf(request, "Objects"),
      actions: [
        ...(writes ? ["s3:AbortMultipartUpload", "s3:DeleteObject"] : []),
        "s3:GetObject",
        ...(writes ? ["s3:ListMultipartUploadParts", "s3:PutObject"] : []),
      ],
      resources: [`${bucketArn}/*`],
      reason: `${writes ? "read and write" : "read"} the objects of ${request.id}`,
      wildcard: "the bucket belongs to the service, and its objects are named while it runs",
    },
    usesKey(request, "s3", writes ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"]),
  ];
}

function costs({ size, storage, keys }: Params): CostItem[] {
  const requests = REQUESTS[size];
  const assumed = `size ${size}`;
  return [
    {
      sku: "s3.standard.storage",
      quantity: (parseQuantity(storage) ?? 0) / 2 ** 30,
      unit: "GB-month",
      assumed: `storage ${storage}`,
    },
    { sku: "s3.standard.get", quantity: requests, unit: "million-requests", assumed },
    { sku: "s3.standard.put", quantity: requests / 10, unit: "million-requests", assumed },
    ...(keys ? [{ sku: "secretsmanager.secret", quantity: 1, unit: "month" } as const] : []),
  ];
}
