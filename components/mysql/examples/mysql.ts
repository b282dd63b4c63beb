// MariaDB with the database `orders`; its password was changed once.
import { Config } from "@pulumi/pulumi";
import { Mysql } from "../mysql-cluster.ts";

const config = new Config("orders");

export const server = new Mysql("orders-store", {
  name: "store",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  selector: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/component": "store" },
  image: "docker.io/library/mariadb:10.11",
  pullSecrets: [],
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "200m", memory: "512Mi" },
  storage: "10Gi",
  rotation: 2,
  password: config.requireSecret("password"),
  previous: [config.requireSecret("oldPassword")],
  username: "orders",
  database: "orders",
});
