import type { DriverRequest } from "../../stacks/contract/driver.ts";
import type { AwsCloud } from "../../stacks/contract/cloud.ts";
import type { Environment } from "../../stacks/contract/environment.ts";
import type { IamStatement } from "../../stacks/contract/iam.ts";
import type { Edge } from "../../stacks/contract/plan.ts";
import { cut } from "../../stacks/contract/names.ts";
import { FairwayError, problem } from "../../stacks/contract/problem.ts";
import type { DataClass } from "../../stacks/contract/service.ts";
import type { Reference, Template } from "../../stacks/contract/value.ts";

/** Id of the plan item that stands for the outputs of the environment's platform stack. */
export const PLATFORM = "platform";

/**
 * Outputs of the platform stack of an environment in AWS that other stacks read. What has a name that is known before
 * anything runs (subnet groups, log groups, aliases) is none of them.
 */
export interface AwsPlatformOutputs {
  readonly vpcId: string;
  /** Ids of the isolated subnets, in the order of zones, with commas in between. */
  readonly databaseSubnets: string;
  /** Security group of the cluster's nodes and pods. */
  readonly clusterSecurityGroup: string;
  /** Hosted zone of the environment's domain. */
  readonly zoneId: string;
  readonly certificateArn: string;
  /** DNS name of the load balancer that answers routes from the internet. */
  readonly ingressHost: string;
  /** ARNs of the KMS keys by data class. */
  readonly "key-public": string;
  readonly "key-internal": string;
  readonly "key-confidential": string;
  readonly "key-restricted": string;
}

/** An output of the environment's platform stack: unknown while that stack has no state. */
export const fromPlatform = (output: keyof AwsPlatformOutputs): Template => ({
  $template: [platformReference(output)],
});

/** The same, to be part of a longer text. */
const platformReference = (output: keyof AwsPlatformOutputs): Reference => ({
  ref: PLATFORM,
  output,
  secret: false,
});

/** ARN of the key that encrypts data of a class. */
export const keyOf = (dataClass: DataClass): Template => fromPlatform(`key-${dataClass}`);

/**
 * The environment's account in AWS.
 * @throws FairwayError FW3030 where it has none.
 */
export function awsOf({ name, file, cloud }: Environment): AwsCloud {
  if (cloud.provider === "aws") return cloud;
  throw new FairwayError(
    problem("FW3030", `${name} has no cloud account, and this driver builds in AWS`, {
      file,
      path: "spec.cloud",
      hint: "write `cloud: {provider: aws, region, account}` or name an in-cluster driver",
    }),
  );
}

/** Whether the environment's cluster runs in EKS Auto Mode or on managed nodes. */
export const modeOf = ({ eks }: AwsCloud): "auto" | "managed" =>
  "adopt" in eks ? eks.adopt.mode : eks.create.mode;

/**
 * Name of a resource in an account: `<service>-<resource>-<environment>`, lower case, cut to the service's limit. The
 * same for the life of the resource, whatever the service and the resource are called later.
 */
export const cloudName = (request: DriverRequest<unknown>, limit: number): string =>
  cut(`${request.service}-${request.id}-${request.environment.name}`, limit);

/** Names of the groups that the platform's stack makes of the isolated subnets. */
export const subnetGroups = (environment: string) =>
  ({
    rds: `fairway-${environment}-database`,
    elasticache: `fairway-${environment}-cache`,
    docdb: `fairway-${environment}-docdb`,
  }) as const;

/** ARN of something whose name is known. */
export const arn = (
  { region, account }: AwsCloud,
  service: string,
  resource: string,
  scope: "region" | "account" | "global" = "region",
): string =>
  scope === "region"
    ? `arn:aws:${service}:${region}:${account}:${resource}`
    : scope === "account"
      ? `arn:aws:${service}::${account}:${resource}`
      : `arn:aws:${service}:::${resource}`;

/** Output of the item itself that only the cloud knows, such as an id. */
export const fromSelf = (request: DriverRequest<unknown>, output: string): Template => ({
  $template: [{ ref: request.id, output, secret: false }],
});

/** A secret that the cloud holds: pods read it there, and no program ever sees it. */
export const heldSecret = (request: DriverRequest<unknown>, output = "password"): Template => ({
  $template: [{ ref: request.id, output, secret: true, held: "cloud" }],
});

/** Name by which a key of the platform's stack is known before it is made. */
export const keyAlias = (environment: string, dataClass: DataClass): string =>
  `alias/fairway-${environment}-${dataClass}`;

/** Name of a statement: the item's id and a word. */
export const sidOf = ({ id }: DriverRequest<unknown>, word: string): string =>
  `${id.replaceAll(/[^A-Za-z0-9]/g, "")}${word}`;

/** What pods need of the key of the item's data class, through one service of AWS only. */
export const usesKey = (
  request: DriverRequest<unknown>,
  service: string,
  actions: readonly string[],
): IamStatement => ({
  sid: sidOf(request, "Key"),
  actions,
  resources: [keyOf(request.dataClass)],
  conditions: {
    StringEquals: {
      "kms:ViaService": [`${service}.${awsOf(request.environment).region}.amazonaws.com`],
    },
  },
  reason: `use what ${request.id} keeps encrypted`,
});

/** Pods reach the item by an API of AWS. */
export const apiEdge = (request: DriverRequest<unknown>): Edge => ({
  from: { kind: "self", item: "" },
  to: { kind: "entity", entity: "cloud-api" },
  port: 443,
  protocol: "TCP",
  origin: { from: "default", reason: `${request.id} is reached by an API of AWS` },
});

/**
 * What pods need to read the item's held secrets: the secret of the output `secretArn`, and its key.
 * @param named Name of the secret where its ARN is known to nobody before it is asked for.
 */
export const readsSecret = (request: DriverRequest<unknown>, named?: string): IamStatement[] => {
  const cloud = awsOf(request.environment);
  return [
    {
      sid: sidOf(request, "Secret"),
      actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      reason: `read the credentials of ${request.id}`,
      ...(named === undefined
        ? { resources: [fromSelf(request, "secretArn")] }
        : {
            resources: [arn(cloud, "secretsmanager", `secret:${named}-??????`)],
            wildcard: "Secrets Manager ends the ARN of every secret in six random characters",
          }),
    },
    {
      sid: sidOf(request, "SecretKey"),
      actions: ["kms:Decrypt"],
      resources: [keyOf(request.dataClass)],
      conditions: {
        StringEquals: { "kms:ViaService": [`secretsmanager.${cloud.region}.amazonaws.com`] },
      },
      reason: `decrypt the credentials of ${request.id}`,
    },
  ];
};
