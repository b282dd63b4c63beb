import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { type Text, joinText } from "../../stacks/contract/value.ts";
import { fromSelf, subnetGroups } from "../base/aws.plan.ts";
import {
  type CloudServerSpec,
  MONTH,
  cloudParams,
  cloudServerSpec,
  gibibytes,
  serves,
} from "../base/cloud-server.plan.ts";
import {
  type PasswordSource,
  ownReference,
  ownSecret,
  quantity,
  serverParams,
} from "../base/server.plan.ts";
import { OUTPUTS } from "./mongodb-cluster.plan.ts";

/** What the component is told beside what every server is. */
export interface DocdbSpec<T = Text> extends CloudServerSpec<T> {
  /** Such as `5.0.0`. */
  readonly version: string;
  /** Allows a change of the version that is not compatible. */
  readonly majorUpgrade: boolean;
  /** Subnet group that holds the nodes. */
  readonly subnetGroup: string;
  readonly username: string;
}

const PORT = 27_017;
/** User that DocumentDB makes: it cannot be changed later and belongs to one cluster only. */
const USERNAME = "fairway";
/** Requests to the storage in a month that the estimate of costs assumes. */
const IO = 10;

const params = z.strictObject({
  ...cloudParams("db"),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "expected a version such as 5.0.0")
    .describe("Version of MongoDB's protocol; may be raised, never lowered")
    .default("5.0.0"),
  majorUpgrade: z
    .boolean()
    .describe("Allow a change of `version` to the next major one")
    .default(false),
  storage: quantity
    .describe("Content that the estimate of costs assumes; the storage grows by itself")
    .default("10Gi"),
  rotation: serverParams.rotation,
});

/** MongoDB's protocol, spoken by DocumentDB. */
export const mongodbDocdb = driver<z.infer<typeof params>>({
  type: "mongodb",
  name: "mongodb-docdb",
  title: "DocumentDB, which speaks MongoDB's protocol, reached with TLS",
  params,
  outputs: OUTPUTS,
  cloud: "aws",
  stateful: true,
  rotation: "server",
  proof: { kind: "rehearsed" },
  plan(request) {
    const { environment, params: given, identity } = request;
    const args = {
      // The nodes' identifiers have two more characters.
      ...cloudServerSpec(request, "docdb", 61),
      version: given.version,
      majorUpgrade: given.majorUpgrade,
      subnetGroup: subnetGroups(environment.name).docdb,
      username: USERNAME,
      identity,
      rotation: given.rotation,
    } satisfies DocdbSpec & PasswordSource;
    const options = `tls=true&replicaSet=rs0&retryWrites=false&authSource=admin`;
    return {
      args,
      outputs: {
        host: fromSelf(request, "host"),
        port: PORT,
        username: USERNAME,
        password: ownSecret(request),
        connection: joinText([
          `mongodb://${USERNAME}:`,
          ownReference(request),
          "@",
          fromSelf(request, "host"),
          `:${PORT}/?${options}`,
        ]),
      },
      ...serves(PORT),
      revision: String(given.rotation),
      costs: [
        {
          sku: `docdb.instance.${args.nodeClass}`,
          quantity: MONTH * (args.ha ? 2 : 1),
          unit: "hour",
        },
        {
          sku: "docdb.storage.standard",
          quantity: gibibytes(given.storage, 1),
          unit: "GB-month",
          assumed: `${given.storage} of content`,
        },
        {
          sku: "docdb.io.standard",
          quantity: IO,
          unit: "million-requests",
          assumed: `${IO} million requests to the storage`,
        },
      ],
    };
  },
});
