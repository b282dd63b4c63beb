// https://orders.example.com on a load balancer of AWS, which has the certificate.
import { Route } from "../route.ts";

export const route = new Route("orders-route", {
  name: "orders",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  annotations: {
    "alb.ingress.kubernetes.io/certificate-arn":
      "arn:aws:acm:eu-central-1:444444444444:certificate/00000000-0000-4000-8000-000000000000",
    "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
    "alb.ingress.kubernetes.io/ssl-redirect": "443",
    "alb.ingress.kubernetes.io/target-type": "ip",
  },
  ingressClass: "alb",
  host: "orders.example.com",
  path: "/",
  service: { name: "orders", port: 80 },
  tls: {},
});
