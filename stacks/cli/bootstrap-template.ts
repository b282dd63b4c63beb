import type { AwsCloud } from "../contract/cloud.ts";
import type { Environment } from "../contract/environment.ts";
import { fail } from "../contract/problem.ts";

type RepositoryIds = NonNullable<AwsCloud["repositoryIds"]>;

/** What an account must hold before the first stack of an environment can be updated. */
export interface Bootstrap {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** Stack of CloudFormation that holds all of it. */
  readonly stack: string;
  /** Bucket of the state. */
  readonly bucket: string;
  /** Alias of the key that encrypts secrets of the state, `alias/…`. */
  readonly alias: string;
  /** `owner/name` of the repository on GitHub. */
  readonly repository: string;
  /** Ids of both, where they are known. */
  readonly repositoryIds?: RepositoryIds;
  /** Name of the policy that bounds the roles of services, where the environment names one of its own account. */
  readonly boundary?: string;
  /** Another environment's bootstrap, or a person, made the account's one provider of GitHub's identities. */
  readonly providerExists: boolean;
}

/** Names of a role of the pipeline, and the environment on GitHub whose jobs may take it. */
export const PIPELINE = [
  { word: "read", suffix: "-preview", does: "previews" },
  { word: "write", suffix: "", does: "applies" },
] as const;

/** Seconds that a job may hold its role. */
export const LONGEST_SESSION = 7200;

/**
 * What an environment's file asks for.
 * @throws FairwayError FW7030 where the file does not say enough.
 */
export function bootstrapOf(
  { name, file, cloud, state, secretsProvider }: Environment,
  options: {
    readonly repository: string | undefined;
    readonly repositoryIds: string | undefined;
    readonly providerExists: boolean;
  },
): Bootstrap {
  const missing = (path: string, message: string, hint: string): never =>
    fail("FW7030", message, { file, path: `spec.${path}`, hint });
  if (cloud.provider !== "aws")
    return missing("cloud", `${name} has no account in AWS`, "write `cloud: {provider: aws, …}`");
  const bucket = /^s3:\/\/([^/?]+)/.exec(state.backend ?? "")?.[1];
  if (bucket === undefined)
    return missing(
      "state.backend",
      `the state of ${name} is not in S3`,
      `write \`backend: s3://company-fairway-state-${name}?region=${cloud.region}\``,
    );
  const alias = /^awskms:\/\/(?:\/)?(alias\/[^?]+)/.exec(secretsProvider)?.[1];
  if (alias === undefined)
    return missing(
      "secretsProvider",
      `the secrets of ${name}'s state are not encrypted by a key with an alias`,
      `write \`secretsProvider: awskms://alias/fairway-${name}?region=${cloud.region}\``,
    );
  const repository = (options.repository ?? cloud.repository)?.replace(
    /^(https:\/\/)?github\.com\//,
    "",
  );
  if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository))
    return missing(
      "cloud.repository",
      `${repository === undefined ? "no repository is named" : `${repository} is no repository on GitHub`}: roles are bound to one`,
      "write `--repository owner/name`, or `repository: github.com/owner/name` in the environment file",
    );
  const ids = /^([1-9]\d*)\/([1-9]\d*)$/.exec(options.repositoryIds ?? "");
  if (options.repositoryIds !== undefined && ids === null)
    return missing(
      "cloud.repositoryIds",
      `${options.repositoryIds} are no ids of an owner and a repository on GitHub`,
      `write the owner's, a slash and its own: \`${askForIds(repository)}\` prints both`,
    );
  // The ids of the file are those of the file's repository.
  const ofFile = options.repository === undefined ? cloud.repositoryIds : undefined;
  const repositoryIds = ids ? { owner: Number(ids[1]), repository: Number(ids[2]) } : ofFile;
  const boundary = boundaryOf(cloud);
  return {
    environment: name,
    account: cloud.account,
    region: cloud.region,
    stack: `fairway-bootstrap-${name}`,
    bucket,
    alias,
    repository,
    ...(repositoryIds && { repositoryIds }),
    ...(boundary !== undefined && { boundary }),
    providerExists: options.providerExists,
  };
}

/** The command that prints the ids of a repository's owner and its own. */
export const askForIds = (repository: string): string =>
  `gh api repos/${repository} --jq '.owner.id, .id'`;

/**
 * What the repository may be called in the tokens of its jobs: by its names alone, or with the ids after them if it was
 * created, renamed or transferred after 15 July 2026. No name holds an `@`, so that neither is another's name.
 * https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
 */
export function callsItself({
  repository,
  repositoryIds,
}: Pick<Bootstrap, "repository" | "repositoryIds">): string[] {
  if (!repositoryIds) return [repository];
  const [owner, name] = repository.split("/");
  return [repository, `${owner}@${repositoryIds.owner}/${name}@${repositoryIds.repository}`];
}

const boundaryOf = ({ account, permissionsBoundary }: AwsCloud): string | undefined =>
  new RegExp(`^arn:aws:iam::${account}:policy/([\\w+=,.@-]+)$`).exec(
    permissionsBoundary ?? "",
  )?.[1];

/** The template of CloudFormation: what is deleted from it stays in the account where it holds anything. */
export function bootstrapTemplate(wanted: Bootstrap): object {
  const { environment, providerExists, boundary } = wanted;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `Fairway: state, key and roles of the environment ${environment}. Made by fairway bootstrap --env ${environment}.`,
    Resources: {
      Key: keyOf(wanted),
      KeyAlias: {
        Type: "AWS::KMS::Alias",
        Properties: { AliasName: wanted.alias, TargetKeyId: { Ref: "Key" } },
      },
      State: stateOf(wanted),
      StatePolicy: tlsOnly(wanted),
      ...(!providerExists && {
        Provider: {
          Type: "AWS::IAM::OIDCProvider",
          // Other environments of the account trust it, too.
          ...KEPT,
          Properties: { Url: `https://${ISSUER}`, ClientIdList: [AUDIENCE] },
        },
      }),
      ...(boundary !== undefined && { Boundary: boundaryPolicy(boundary, wanted) }),
      ReadRole: role(wanted, PIPELINE[0], READS, readStatements(wanted)),
      WriteRole: role(wanted, PIPELINE[1], WRITES, writeStatements(wanted)),
    },
    Outputs: {
      ReadRole: { Value: { "Fn::GetAtt": ["ReadRole", "Arn"] } },
      WriteRole: { Value: { "Fn::GetAtt": ["WriteRole", "Arn"] } },
    },
  };
}

const ISSUER = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";
const managed = (policy: string): string => `arn:aws:iam::aws:policy/${policy}`;
/** What a preview looks at: settings, not data. */
const READS = [managed("SecurityAudit"), managed("job-function/ViewOnlyAccess")];
const WRITES = [managed("PowerUserAccess")];

/** It outlives its stack; what an attempt made that failed goes, or the next one would find the name taken. */
const KEPT = { DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" };

const keyOf = ({ environment, account }: Bootstrap): object => ({
  Type: "AWS::KMS::Key",
  ...KEPT,
  Properties: {
    Description: `Secrets in the state of ${environment}`,
    EnableKeyRotation: true,
    PendingWindowInDays: 30,
    KeyPolicy: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Account",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: "kms:*",
          Resource: "*",
        },
      ],
    },
  },
});

const stateOf = ({ bucket }: Bootstrap): object => ({
  Type: "AWS::S3::Bucket",
  ...KEPT,
  Properties: {
    BucketName: bucket,
    VersioningConfiguration: { Status: "Enabled" },
    OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: {
            SSEAlgorithm: "aws:kms",
            KMSMasterKeyID: { "Fn::GetAtt": ["Key", "Arn"] },
          },
        },
      ],
    },
    LifecycleConfiguration: {
      Rules: [
        {
          Id: "tidy",
          Status: "Enabled",
          NoncurrentVersionExpiration: { NoncurrentDays: 365 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ],
    },
  },
});

const bucketArns = ({ bucket }: Bootstrap): string[] => [
  `arn:aws:s3:::${bucket}`,
  `arn:aws:s3:::${bucket}/*`,
];

const tlsOnly = (wanted: Bootstrap): object => ({
  Type: "AWS::S3::BucketPolicy",
  Properties: {
    Bucket: { Ref: "State" },
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: bucketArns(wanted),
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    },
  },
});

/** The most that pods may be given: data of the services that drivers build, and nothing about identities. */
const boundaryPolicy = (name: string, { environment, account }: Bootstrap): object => ({
  Type: "AWS::IAM::ManagedPolicy",
  Properties: {
    ManagedPolicyName: name,
    Description: `Bounds the roles of services in ${environment}`,
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Data",
          Effect: "Allow",
          Action: [
            "dynamodb:*Item",
            "dynamodb:Describe*",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:PartiQL*",
            "kafka-cluster:*",
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:GenerateDataKey*",
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:Get*",
            "s3:List*",
            "s3:PutObject",
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "sns:GetTopicAttributes",
            "sns:Publish",
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:Get*",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
          ],
          Resource: "*",
        },
        ...measurements(account),
      ],
    },
  },
});

/**
 * What RDS itself needs to send measurements of a server's operating system, with a role that no pod may take.
 * Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonRDSEnhancedMonitoringRole.html
 */
function measurements(account: string): object[] {
  const groups = `arn:aws:logs:*:${account}:log-group:RDS*`;
  return [
    {
      Sid: "MeasurementGroups",
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
      Resource: groups,
    },
    {
      Sid: "Measurements",
      Effect: "Allow",
      Action: [
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:GetLogEvents",
        "logs:PutLogEvents",
      ],
      Resource: `${groups}:log-stream:*`,
    },
  ];
}

/** A role that jobs of one environment on GitHub take, of one repository. */
function role(
  wanted: Bootstrap,
  { word, suffix, does }: (typeof PIPELINE)[number],
  policies: readonly string[],
  statements: readonly object[],
): object {
  const { environment, account, providerExists } = wanted;
  const provider = `arn:aws:iam::${account}:oidc-provider/${ISSUER}`;
  return {
    Type: "AWS::IAM::Role",
    ...(!providerExists && { DependsOn: "Provider" }),
    Properties: {
      RoleName: `fairway-${environment}-${word}`,
      Description: `Fairway's pipeline ${does} ${environment}`,
      MaxSessionDuration: LONGEST_SESSION,
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Federated: provider },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
              StringEquals: {
                [`${ISSUER}:aud`]: AUDIENCE,
                [`${ISSUER}:sub`]: callsItself(wanted).map(
                  (name) => `repo:${name}:environment:${environment}${suffix}`,
                ),
              },
            },
          },
        ],
      },
      ManagedPolicyArns: policies,
      Policies: [
        { PolicyName: "fairway", PolicyDocument: { Version: "2012-10-17", Statement: statements } },
      ],
    },
  };
}

/** State and its key; a preview locks the state, too. */
const readStatements = (wanted: Bootstrap): object[] => [
  {
    Sid: "ReadState",
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:ListBucket"],
    Resource: bucketArns(wanted),
  },
  {
    Sid: "LockState",
    Effect: "Allow",
    Action: ["s3:DeleteObject", "s3:PutObject"],
    Resource: `arn:aws:s3:::${wanted.bucket}/.pulumi/locks/*`,
  },
  {
    Sid: "StateKey",
    Effect: "Allow",
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: { "Fn::GetAtt": ["Key", "Arn"] },
  },
];

/** Roles and users of the platform's own names; never the pipeline's, and never what bounds them. */
const writeStatements = ({ account, environment, boundary }: Bootstrap): object[] => [
  {
    Sid: "Identities",
    Effect: "Allow",
    Action: ["iam:*AccessKey*", "iam:*Role*", "iam:*User*", "iam:GetPolicy*", "iam:ListPolicies"],
    Resource: ["role", "user"].flatMap((kind) =>
      ["fairway/*", "fairway-*"].map((name) => `arn:aws:iam::${account}:${kind}/${name}`),
    ),
  },
  {
    Sid: "Services",
    Effect: "Allow",
    Action: "iam:CreateServiceLinkedRole",
    Resource: `arn:aws:iam::${account}:role/aws-service-role/*`,
  },
  {
    Sid: "NotItself",
    Effect: "Deny",
    Action: "iam:*",
    Resource: [
      ...PIPELINE.map(({ word }) => `arn:aws:iam::${account}:role/fairway-${environment}-${word}`),
      ...(boundary === undefined ? [] : [`arn:aws:iam::${account}:policy/${boundary}`]),
    ],
  },
];
