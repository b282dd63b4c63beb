// PostgreSQL 17 in two zones, with the database `orders` on a disk that may double.
import { PostgresRds } from "../postgres-rds.ts";

export const server = new PostgresRds("orders-store", {
  name: "orders-store-prod",
  vpcId: "vpc-0123456789abcdef0",
  subnetGroup: "fairway-prod-database",
  key: "arn:aws:kms:eu-central-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  version: "17",
  majorUpgrade: false,
  nodeClass: "db.m7g.large",
  ha: true,
  storage: 100,
  maxStorage: 200,
  username: "fairway",
  database: "orders",
  backups: 14,
  logs: 90,
  protect: true,
  applyImmediately: false,
});
