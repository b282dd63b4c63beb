// The topic `orders` on three brokers of its own.
import { MskTopic } from "../kafka-topic-msk.ts";

export const topic = new MskTopic("orders-events", {
  topic: "orders",
  partitions: 12,
  retentionHours: 72,
  replicas: 3,
  create: {
    name: "orders-events-prod",
    vpcId: "vpc-0123456789abcdef0",
    subnets: "subnet-0a,subnet-0b,subnet-0c",
    key: "arn:aws:kms:eu-central-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    nodeClass: "kafka.m7g.large",
    version: "3.9.x",
    brokers: 3,
    storage: 100,
    logs: 90,
  },
});
