// Pods that reach one database, with a security group of their own.
import { CloudNetwork } from "../cloud-network.ts";

export const network = new CloudNetwork("orders", {
  name: "orders-prod",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  selector: { "app.kubernetes.io/name": "orders" },
  grain: "pod",
  vpcId: "vpc-0123456789abcdef0",
  clusterSecurityGroup: "sg-0123456789abcdef0",
  edges: [{ to: "database", securityGroup: "sg-0fedcba9876543210", port: 5432, protocol: "TCP" }],
});
