// A claim of 10 GiB that one node may mount.
import { Volume } from "../volume-cluster.ts";

export const volume = new Volume("orders-uploads", {
  name: "uploads",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  storage: "10Gi",
  accessMode: "ReadWriteOnce",
});
