// https://orders.example.com leads to port 80 of the Service orders.
import { Route } from "../route.ts";

export const route = new Route("orders-route", {
  name: "orders",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
  ingressClass: "nginx",
  host: "orders.example.com",
  path: "/",
  service: { name: "orders", port: 80 },
  tls: { secret: "orders-tls" },
});
