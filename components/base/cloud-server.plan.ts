import { z } from "zod";
import type { DriverAnswer, DriverRequest } from "../../stacks/contract/driver.ts";
import type { AwsCloud, CloudSize } from "../../stacks/contract/cloud.ts";
import { cut, letterFirst, shortHash } from "../../stacks/contract/names.ts";
import { parseQuantity } from "../../stacks/contract/quantity.ts";
import type { Text } from "../../stacks/contract/value.ts";
import { awsOf, cloudName, fromPlatform, keyOf } from "./aws.plan.ts";
import { quantity } from "./server.plan.ts";

/** Services of AWS that run a server for us, as the environment's table of sizes names them. */
export type CloudService = keyof AwsCloud["sizes"];

/** Hours of a month, as bills count them. */
export const MONTH = 730;

const SIZES = ["small", "medium", "large"] as const satisfies readonly CloudSize[];

/**
 * Params of every driver that runs a server in AWS.
 * @param prefix What the service's classes begin with, such as `db`.
 */
export const cloudParams = (prefix: string) => ({
  size: z
    .string()
    .regex(
      new RegExp(`^(${SIZES.join("|")}|${prefix}\\.[a-z0-9-]+\\.[a-z0-9]+)$`),
      `expected small, medium, large or a class such as ${prefix}.m7g.large`,
    )
    .describe(
      `small, medium or large of the environment's table, or a class such as ${prefix}.m7g.large`,
    )
    .default("small"),
  ha: z
    .boolean()
    .describe("A second node in another zone that takes over; default whether the class is `ha`")
    .optional(),
  applyImmediately: z
    .boolean()
    .describe("Change the server at once; false: in its weekly maintenance window")
    .default(true),
});

/** Checked params of every driver that runs a server in AWS. */
export type CloudParams = z.infer<z.ZodObject<ReturnType<typeof cloudParams>>>;

/** A size of a disk, in whole GiB. */
export const diskParam = quantity.describe(
  "Size of the disk, at least 20Gi; may grow, never shrink",
);

/** `rotation` where raising it can change nothing: known, so that a descriptor is told why. */
export const refusedRotation = (reason: string) =>
  z
    .int()
    .refine((value) => value === 1, `${reason}: take \`rotation\` out`)
    .describe(`Only 1: ${reason}`)
    .default(1);

/** What is the same in the arguments of every component that runs a server in AWS. Plain data. */
export interface CloudServerSpec<T = Text> {
  /** Identifier of the server, and prefix of the names of what belongs to it. */
  readonly name: string;
  readonly vpcId: T;
  /** ARN of the KMS key that encrypts what it stores. */
  readonly key: T;
  /** Class of its nodes, such as `db.m7g.large`. */
  readonly nodeClass: string;
  /** A second node in another zone that takes over. */
  readonly ha: boolean;
  /** Days that backups are kept. */
  readonly backups: number;
  /** Days that its logs are kept. */
  readonly logs: number;
  /** Deleting it is refused, and leaves a last snapshot where it was allowed. */
  readonly protect: boolean;
  readonly applyImmediately: boolean;
}

/**
 * The part of a server's arguments that every driver fills in the same way.
 * @param limit Longest identifier that the service takes.
 */
export function cloudServerSpec(
  request: DriverRequest<CloudParams>,
  service: CloudService,
  limit: number,
): CloudServerSpec {
  const { environment, params } = request;
  const cloud = awsOf(environment);
  return {
    name: identifier(cloudName(request, limit), limit),
    vpcId: fromPlatform("vpcId"),
    key: keyOf(request.dataClass),
    nodeClass: isSize(params.size) ? cloud.sizes[service][params.size] : params.size,
    ha: params.ha ?? request.class === "ha",
    backups: cloud.backups,
    logs: logRetention(cloud.logs),
    protect: environment.stateful === "protect",
    applyImmediately: params.applyImmediately,
  };
}

const isSize = (size: string): size is CloudSize => SIZES.some((known) => known === size);

/** A name as identifiers of servers must be: a letter first, no two hyphens in a row. */
export function identifier(name: string, limit: number): string {
  const lettered = letterFirst(name);
  const single = lettered.replaceAll(/-{2,}/g, "-");
  return single === name
    ? name
    : cut(single === lettered ? lettered : `${single}-${shortHash(name)}`, limit);
}

/** Whole GiB of a quantity, at least what the service begins with. */
export const gibibytes = (quantity: string, least: number): number =>
  Math.max(least, Math.ceil((parseQuantity(quantity) ?? 0) / 2 ** 30));

/** Days that CloudWatch Logs knows. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/** The shortest retention of CloudWatch Logs that keeps logs for so many days. */
export const logRetention = (days: number): number =>
  RETENTIONS.find((known) => known >= days) ?? 3653;

/** The port it serves behind its security group. */
export const serves = (port: number): Required<Pick<DriverAnswer, "serves">> => ({
  serves: [{ port, protocol: "TCP" }],
});
