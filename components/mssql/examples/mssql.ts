// SQL Server with the database `orders`.
import { Config } from "@pulumi/pulumi";
import { Mssql } from "../mssql-cluster.ts";

const config = new Config("orders");

export const server = new Mssql("orders-store", {
  name: "store",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  selector: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/component": "store" },
  image: "mcr.microsoft.com/mssql/server:2022-CU14-ubuntu-22.04",
  pullSecrets: [],
  requests: { cpu: "500m", memory: "2Gi" },
  limits: { cpu: "1", memory: "2Gi" },
  storage: "10Gi",
  rotation: 1,
  password: config.requireSecret("password"),
  administrator: config.requireSecret("oldPassword"),
  username: "orders",
  database: "orders",
  edition: "Express",
});
