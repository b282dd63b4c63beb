// A table of sessions by user and time, asked by token too, whose items end by themselves.
import { Table } from "../dynamodb.ts";

export const sessions = new Table("orders-sessions", {
  name: "orders-sessions-prod",
  partition: { name: "user", type: "S" },
  sort: { name: "at", type: "N" },
  indexes: [{ name: "by-token", partition: { name: "token", type: "S" }, keysOnly: true }],
  ttl: "expires",
  key: "arn:aws:kms:eu-central-1:444444444444:key/00000000-0000-4000-8000-000000000000",
  deletionProtection: true,
});
