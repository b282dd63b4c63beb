// RabbitMQ 3.13 on one node.
import { Config } from "@pulumi/pulumi";
import { Mq } from "../amqp-mq.ts";

const config = new Config("orders");

export const server = new Mq("orders-queue", {
  name: "orders-queue-prod",
  vpcId: "vpc-0123456789abcdef0",
  subnets: "subnet-0a,subnet-0b,subnet-0c",
  key: "arn:aws:kms:eu-central-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  version: "3.13",
  nodeClass: "mq.m7g.medium",
  ha: false,
  username: "fairway",
  applyImmediately: true,
  password: config.requireSecret("password"),
});
