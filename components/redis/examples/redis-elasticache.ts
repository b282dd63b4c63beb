// Redis 7.1 on two nodes in two zones.
import { Config } from "@pulumi/pulumi";
import { Elasticache } from "../redis-elasticache.ts";

const config = new Config("orders");

export const server = new Elasticache("orders-cache", {
  name: "orders-cache-prod",
  vpcId: "vpc-0123456789abcdef0",
  subnetGroup: "fairway-prod-cache",
  key: "arn:aws:kms:eu-central-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  engine: "redis",
  version: "7.1",
  nodeClass: "cache.m7g.large",
  ha: true,
  backups: 14,
  logs: 90,
  protect: true,
  applyImmediately: true,
  password: config.requireSecret("password"),
});
