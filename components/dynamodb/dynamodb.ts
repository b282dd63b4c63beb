import {
  Table as DynamoTable,
  type TableArgs as DynamoTableArgs,
} from "@pulumi/aws/dynamodb/table.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import type { TableSpec } from "./dynamodb.plan.ts";

/** Arguments of a table. */
export type TableArgs = TableSpec<Input<string>> & {
  readonly transforms?: { readonly table?: Transform<DynamoTableArgs> };
};

/** A table of DynamoDB. Example: `examples/table.ts`. */
export class Table extends FairwayComponent {
  static readonly type = "fairway:dynamodb:Table";
  readonly nodes: { readonly table: DynamoTable };

  constructor(name: string, args: TableArgs, opts?: ComponentResourceOptions) {
    super(Table.type, name, opts);
    const table = this.child("table", DynamoTable, tableArgs(args), args.transforms?.table);
    this.nodes = { table };
    this.registerOutputs({ name: table.name });
  }
}

const tableArgs = (args: TableArgs): DynamoTableArgs => ({
  name: args.name,
  billingMode: "PAY_PER_REQUEST",
  hashKey: args.partition.name,
  ...(args.sort && { rangeKey: args.sort.name }),
  attributes: attributes(args),
  globalSecondaryIndexes: args.indexes.map(({ name, partition, sort, keysOnly }) => ({
    name,
    keySchemas: [
      { attributeName: partition.name, keyType: "HASH" },
      ...(sort ? [{ attributeName: sort.name, keyType: "RANGE" }] : []),
    ],
    projectionType: keysOnly ? "KEYS_ONLY" : "ALL",
  })),
  ...(args.ttl !== undefined && { ttl: { attributeName: args.ttl, enabled: true } }),
  pointInTimeRecovery: { enabled: true },
  serverSideEncryption: { enabled: true, kmsKeyArn: args.key },
  deletionProtectionEnabled: args.deletionProtection,
});

/** Attributes of all keys, each once and in order: DynamoDB knows no others. */
function attributes({ partition, sort, indexes }: TableArgs): { name: string; type: string }[] {
  const all = [{ partition, ...(sort && { sort }) }, ...indexes].flatMap((key) =>
    key.sort ? [key.partition, key.sort] : [key.partition],
  );
  return [...new Map(all.map(({ name, type }) => [name, type]))]
    .map(([name, type]) => ({ name, type }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
