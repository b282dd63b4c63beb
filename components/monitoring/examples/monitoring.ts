// Scrapes /metrics every 30 seconds and tells when errors eat the budget.
import { Monitoring } from "../monitoring.ts";

export const monitoring = new Monitoring("orders-monitoring", {
  name: "orders",
  namespace: "orders",
  labels: { "fairway.dev/service": "orders" },
  scrape: {
    selector: { "app.kubernetes.io/name": "orders" },
    port: "http",
    path: "/metrics",
    interval: "30s",
  },
  groups: [
    {
      name: "orders",
      interval: "30s",
      rules: [
        {
          alert: "OrdersDown",
          expr: 'absent(up{namespace="orders"} == 1)',
          for: "5m",
          labels: { severity: "page" },
          annotations: { summary: "No replica of orders answers" },
        },
      ],
    },
  ],
});
