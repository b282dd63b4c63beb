// Takes work from a queue: more of it in office hours, and more than that when the CPU says so.
import { Worker } from "../worker.ts";

export const scaledWorker = new Worker("orders-workload", {
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
      command: ["orders", "work"],
      env: { QUEUE_HOST: "queue.orders.svc" },
      secretEnv: {},
      ports: [],
      resources: {
        requests: { cpu: "250m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
      },
      mounts: [],
      livenessProbe: {
        action: { exec: ["orders", "alive"] },
        initialDelay: 5,
        period: 30,
        timeout: 5,
        failureThreshold: 3,
      },
    },
  ],
  volumes: [],
  claims: [],
  scaling: {
    min: 2,
    max: 12,
    metrics: [{ resource: "cpu", utilization: 70 }],
    windows: [{ from: "0 8 * * 1-5", to: "0 18 * * 1-5", timeZone: "Europe/Berlin", replicas: 10 }],
  },
  disruption: { maxUnavailable: 1 },
  strategy: "rolling",
});
