// Runs once, and again whenever its image or settings change.
import { Job } from "../job.ts";

export const job = new Job("orders-workload", {
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
      args: ["migrate"],
      env: {},
      secretEnv: {},
      ports: [],
      resources: {
        requests: { cpu: "250m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
      },
      mounts: [],
    },
  ],
  volumes: [],
  claims: [],
  strategy: "rolling",
  job: { retries: 3, deadline: 600 },
});
