// MinIO with the bucket `invoices`.
import { Config } from "@pulumi/pulumi";
import { S3 } from "../s3-cluster.ts";

const config = new Config("orders");

export const server = new S3("orders-store", {
  name: "store",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  selector: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/component": "store" },
  image: "docker.io/minio/minio:RELEASE.2025-09-07T16-13-09Z",
  pullSecrets: [],
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "200m", memory: "512Mi" },
  storage: "10Gi",
  rotation: 1,
  password: config.requireSecret("password"),
  accessKey: "orders",
  bucket: "invoices",
});
