// Three replicas, each with a disk of its own.
import { Stateful } from "../stateful.ts";

export const stateful = new Stateful("orders-workload", {
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
      env: {},
      secretEnv: {},
      ports: [{ name: "tcp", containerPort: 7000, protocol: "TCP" }],
      resources: {
        requests: { cpu: "250m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
      },
      mounts: [{ volume: "data", path: "/var/lib/orders", readOnly: false }],
      readinessProbe: {
        action: { tcpSocket: { port: 7000 } },
        initialDelay: 0,
        period: 10,
        timeout: 2,
        failureThreshold: 3,
      },
    },
  ],
  volumes: [],
  claims: [{ name: "data", size: "10Gi", accessModes: ["ReadWriteOnce"] }],
  service: {
    name: "orders",
    headless: true,
    ports: [{ name: "tcp", port: 7000, targetPort: 7000, protocol: "TCP" }],
  },
  replicas: 3,
  disruption: { maxUnavailable: 1 },
  strategy: "rolling",
});
