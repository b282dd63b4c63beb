// Redis on 10 GiB, with the class of volume changed by a transform.
import { Config } from "@pulumi/pulumi";
import { Redis } from "../redis-cluster.ts";

const config = new Config("orders");

export const server = new Redis("orders-store", {
  name: "store",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  selector: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/component": "store" },
  image: "docker.io/library/redis:7.0",
  pullSecrets: [],
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "200m", memory: "512Mi" },
  storage: "10Gi",
  rotation: 1,
  password: config.requireSecret("password"),
  transforms: { data: { spec: { storageClassName: "fast" } } },
});
