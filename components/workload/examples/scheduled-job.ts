// Every night at three, wherever the cluster stands.
import { ScheduledJob } from "../scheduled-job.ts";

export const job = new ScheduledJob("orders-workload", {
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
      args: ["report"],
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
  schedule: {
    cron: "0 3 * * *",
    timeZone: "Etc/UTC",
    startingDeadline: 300,
    history: { succeeded: 3, failed: 3 },
  },
  job: { retries: 2, deadline: 3600 },
});
