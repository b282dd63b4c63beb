import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import type { IamStatement } from "../../stacks/contract/iam.ts";
import { parseQuantity } from "../../stacks/contract/quantity.ts";
import type { Text } from "../../stacks/contract/value.ts";
import { apiEdge, arn, awsOf, cloudName, keyOf, sidOf, usesKey } from "../base/aws.plan.ts";
import { serverParams } from "../base/server.plan.ts";

/** An attribute that is part of a key. */
type KeyAttribute = {
  readonly name: string;
  /** String, number or binary. */
  readonly type: "S" | "N" | "B";
};

/** Arguments of the component, as plan data. */
export interface TableSpec<T = Text> {
  readonly name: string;
  readonly partition: KeyAttribute;
  readonly sort?: KeyAttribute;
  readonly indexes: readonly {
    readonly name: string;
    readonly partition: KeyAttribute;
    readonly sort?: KeyAttribute;
    readonly keysOnly: boolean;
  }[];
  /** Attribute with the second since 1970 after which an item is deleted. */
  readonly ttl?: string;
  /** ARN of the KMS key. */
  readonly key: T;
  /** The API refuses to delete the table. */
  readonly deletionProtection: boolean;
}

const attribute = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,255}(:[SNB])?$/, "expected a name, or name:S, name:N or name:B");
const keysOf = { partition: attribute, sort: attribute.optional() };

const params = z.strictObject({
  partition: keysOf.partition
    .describe(
      "Attribute that items are spread by: `<name>`, or `<name>:N` for a number, `:B` binary",
    )
    .default("id"),
  sort: keysOf.sort.describe("Attribute that items of one partition are sorted by"),
  indexes: z
    .record(
      z.string().regex(/^[A-Za-z0-9_.-]{3,255}$/),
      z.strictObject({ ...keysOf, keysOnly: z.boolean().default(false) }),
    )
    .describe("Further keys to ask by: name → {partition, sort, keysOnly}")
    .default({}),
  ttl: z
    .string()
    .min(1)
    .describe("Attribute with the second since 1970 after which an item is deleted")
    .optional(),
  access: z
    .enum(["read-write", "read"])
    .describe("What pods may do with items")
    .default("read-write"),
  storage: serverParams.storage.describe(
    "Content that the estimate of costs assumes; a table has no limit",
  ),
  requests: z
    .number()
    .min(0)
    .describe("Million reads, and as many writes, in a month that the estimate of costs assumes")
    .default(1),
});
type Params = z.infer<typeof params>;

/** A table of DynamoDB that is paid by request. */
export const dynamodb = driver<Params>({
  type: "dynamodb",
  name: "dynamodb",
  title: "A table in DynamoDB: paid by request, encrypted, recoverable to any second of 35 days",
  params,
  outputs: {
    table: { description: "Name of the table", secret: false },
    name: { description: "The name again", secret: false },
    arn: { description: "ARN of the table", secret: false },
    region: { description: "Region of the table", secret: false },
  },
  cloud: "aws",
  stateful: true,
  rotation: "none",
  proof: { kind: "rehearsed" },
  plan(request) {
    const { params: given, environment, id } = request;
    const cloud = awsOf(environment);
    const name = cloudName(request, 255);
    const args = {
      name,
      ...keys(given),
      indexes: Object.entries(given.indexes).map(([index, of]) => ({
        name: index,
        ...keys(of),
        keysOnly: of.keysOnly,
      })),
      ...(given.ttl !== undefined && { ttl: given.ttl }),
      key: keyOf(request.dataClass),
      deletionProtection: environment.stateful === "protect",
    } satisfies TableSpec;
    const table = arn(cloud, "dynamodb", `table/${name}`);
    const indexed: IamStatement[] =
      args.indexes.length > 0
        ? [
            {
              sid: sidOf(request, "Indexes"),
              actions: ["dynamodb:Query", "dynamodb:Scan"],
              resources: args.indexes.map((index) => `${table}/index/${index.name}`),
              reason: `ask ${id} by its other keys`,
            },
          ]
        : [];
    return {
      args,
      outputs: { table: name, name, arn: table, region: cloud.region },
      edges: [apiEdge(request)],
      iam: [
        {
          sid: sidOf(request, "Table"),
          actions: [...READS, ...(given.access === "read-write" ? WRITES : [])].toSorted(),
          resources: [table],
          reason: `${given.access === "read" ? "read" : "read and write"} the items of ${id}`,
        },
        ...indexed,
        usesKey(request, "dynamodb", ["kms:Decrypt"]),
      ],
      costs: [
        {
          sku: "dynamodb.storage",
          quantity: gigabytes(given.storage),
          unit: "GB-month",
          assumed: `storage ${given.storage}`,
        },
        {
          sku: "dynamodb.backup",
          quantity: gigabytes(given.storage),
          unit: "GB-month",
          assumed: `storage ${given.storage}`,
        },
        {
          sku: "dynamodb.read",
          quantity: given.requests,
          unit: "million-requests",
          assumed: `requests ${given.requests}`,
        },
        {
          sku: "dynamodb.write",
          quantity: given.access === "read" ? 0 : given.requests * (1 + args.indexes.length),
          unit: "million-requests",
          assumed: `requests ${given.requests}, each index written too`,
        },
      ],
    };
  },
});

const READS = [
  "dynamodb:BatchGetItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DescribeTable",
  "dynamodb:GetItem",
  "dynamodb:Query",
  "dynamodb:Scan",
];
const WRITES = [
  "dynamodb:BatchWriteItem",
  "dynamodb:DeleteItem",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
];

const keys = ({
  partition,
  sort,
}: {
  readonly partition: string;
  readonly sort?: string | undefined;
}) => ({
  partition: keyAttribute(partition),
  ...(sort !== undefined && { sort: keyAttribute(sort) }),
});

function keyAttribute(text: string): KeyAttribute {
  const [name = "", type = "S"] = text.split(":");
  return { name, type: type === "N" || type === "B" ? type : "S" };
}

const gigabytes = (storage: string): number => (parseQuantity(storage) ?? 0) / 2 ** 30;
