// MongoDB for the user `orders`; its password was changed once.
import { Config } from "@pulumi/pulumi";
import { Mongodb } from "../mongodb-cluster.ts";

const config = new Config("orders");

export const server = new Mongodb("orders-store", {
  name: "store",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  selector: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/component": "store" },
  image: "docker.io/library/mongo:7.0",
  pullSecrets: [],
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "200m", memory: "512Mi" },
  storage: "10Gi",
  rotation: 2,
  password: config.requireSecret("password"),
  previous: [config.requireSecret("oldPassword")],
  username: "orders",
});
