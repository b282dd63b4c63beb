// Two to ten replicas behind a Service, with a password from a Secret and a configuration file.
import * as pulumi from "@pulumi/pulumi";
import { WebService } from "../web-service.ts";

export const service = new WebService("orders-workload", {
  name: "orders",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders", "fairway.dev/owner": "shop" },
  selector: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/component": "workload" },
  annotations: {},
  podAnnotations: { "fairway.dev/revision": "1" },
  account: "orders",
  priorityClass: "fairway-standard",
  terminationGrace: 45,
  initContainers: [],
  containers: [
    {
      name: "main",
      image: "registry.example.com/orders:1.4.2",
      pullPolicy: "IfNotPresent",
      env: { LOG_LEVEL: "info" },
      secretEnv: { DATABASE_PASSWORD: "database-password" },
      ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
      resources: {
        requests: { cpu: "250m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
      },
      mounts: [
        { volume: "config", path: "/etc/orders/shop.yaml", subPath: "shop.yaml", readOnly: true },
      ],
      readinessProbe: {
        action: { httpGet: { path: "/health", port: 8080, scheme: "HTTP", headers: [] } },
        initialDelay: 0,
        period: 10,
        timeout: 2,
        failureThreshold: 3,
      },
      livenessProbe: {
        action: { httpGet: { path: "/health", port: 8080, scheme: "HTTP", headers: [] } },
        initialDelay: 0,
        period: 10,
        timeout: 2,
        failureThreshold: 6,
      },
      drain: 5,
    },
  ],
  volumes: [{ name: "config", source: { configMap: { name: "orders-files" } } }],
  claims: [],
  config: { name: "orders-files", data: { "shop.yaml": "currency: EUR\n" }, binaryData: {} },
  secret: {
    name: "orders-secret",
    data: { "database-password": pulumi.secret("example") },
    binaryData: {},
  },
  service: {
    name: "orders",
    headless: false,
    ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "TCP" }],
  },
  scaling: { min: 2, max: 10, metrics: [{ resource: "cpu", utilization: 70 }] },
  disruption: { maxUnavailable: 1 },
  strategy: "rolling",
  transforms: { deployment: { spec: { minReadySeconds: 5 } } },
});
