// RabbitMQ with the virtual host `orders`; its password was changed once.
import { Config } from "@pulumi/pulumi";
import { Amqp } from "../amqp-cluster.ts";

const config = new Config("orders");

export const server = new Amqp("orders-store", {
  name: "store",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  selector: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/component": "store" },
  image: "docker.io/library/rabbitmq:3.10",
  pullSecrets: [],
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "200m", memory: "512Mi" },
  storage: "10Gi",
  rotation: 2,
  password: config.requireSecret("password"),
  previous: [config.requireSecret("oldPassword")],
  username: "orders",
  vhost: "orders",
  cookie: config.requireSecret("cookie"),
});
