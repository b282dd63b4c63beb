// A queue of jobs, encrypted with a key of one's own, that hears a topic of another service.
import { Queue } from "../sqs.ts";

const arn = (queue: string) => `arn:aws:sqs:eu-central-1:444444444444:${queue}`;

export const jobs = new Queue("orders-jobs", {
  name: "orders-jobs-prod",
  arn: arn("orders-jobs-prod"),
  deadLetter: { name: "orders-jobs-prod-dead", arn: arn("orders-jobs-prod-dead") },
  fifo: false,
  key: "arn:aws:kms:eu-central-1:444444444444:key/00000000-0000-4000-8000-000000000000",
  maxReceive: 5,
  visibility: 30,
  delay: 0,
  retention: 345_600,
  topics: ["arn:aws:sns:eu-central-1:444444444444:billing-paid-prod"],
  ownTopics: "arn:aws:sns:eu-central-1:444444444444:orders-*-prod",
});
