// DocumentDB 5.0 on two nodes in two zones.
import { Config } from "@pulumi/pulumi";
import { Docdb } from "../mongodb-docdb.ts";

const config = new Config("orders");

export const server = new Docdb("orders-store", {
  name: "orders-store-prod",
  vpcId: "vpc-0123456789abcdef0",
  subnetGroup: "fairway-prod-docdb",
  key: "arn:aws:kms:eu-central-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  version: "5.0.0",
  majorUpgrade: false,
  nodeClass: "db.r6g.large",
  ha: true,
  username: "fairway",
  backups: 14,
  logs: 90,
  protect: true,
  applyImmediately: true,
  password: config.requireSecret("password"),
});
