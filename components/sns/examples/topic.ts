// A topic of events that tells a queue of paid orders only, and an endpoint of everything.
import { Topic } from "../sns.ts";

export const events = new Topic("orders-events", {
  name: "orders-events-prod",
  arn: "arn:aws:sns:eu-central-1:444444444444:orders-events-prod",
  fifo: false,
  key: "arn:aws:kms:eu-central-1:444444444444:key/00000000-0000-4000-8000-000000000000",
  subscriptions: [
    {
      protocol: "sqs",
      endpoint: "arn:aws:sqs:eu-central-1:444444444444:orders-jobs-prod",
      raw: true,
      filter: { state: ["paid"] },
    },
    { protocol: "https", endpoint: "https://audit.example.com/orders", raw: false },
  ],
});
