// The topic `orders` with six partitions, kept for three days.
import { KafkaTopic } from "../kafka-topic-cluster.ts";

export const topic = new KafkaTopic("orders-events", {
  name: "events",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  selector: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/component": "events" },
  image: "docker.io/apache/kafka:3.9.1",
  pullSecrets: [],
  requests: { cpu: "200m", memory: "1Gi" },
  limits: { cpu: "400m", memory: "1Gi" },
  storage: "10Gi",
  topic: "orders",
  partitions: 6,
  retentionHours: 72,
});
