// https://orders.example.com, answered by a load balancer.
import { Host } from "../dns-route53.ts";

export const host = new Host("orders-host", {
  host: "orders.example.com",
  zoneId: "Z0123456789ABCDEFGHIJ",
  target: "k8s-fairway-0123456789-123456789.eu-central-1.elb.amazonaws.com",
});
