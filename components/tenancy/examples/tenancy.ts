// A namespace in which nothing may talk to anything but DNS, for pods that keep to Pod Security's strictest level.
import { Tenancy } from "../tenancy.ts";

export const tenancy = new Tenancy("orders-tenancy", {
  namespace: "orders",
  labels: { "fairway.dev/service": "orders", "fairway.dev/owner": "shop" },
  namespaceLabels: { "pod-security.kubernetes.io/enforce": "restricted" },
  quota: { "limits.cpu": "16", pods: "60" },
  limits: {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "500m", memory: "512Mi" },
  },
  policies: [
    { name: "default-deny", pods: {}, ingress: [], egress: [] },
    {
      name: "dns",
      pods: {},
      ingress: [],
      egress: [
        {
          peers: [
            {
              namespaces: { "kubernetes.io/metadata.name": "kube-system" },
              pods: { "k8s-app": "kube-dns" },
            },
          ],
          ports: [{ port: 53, protocol: "UDP" }],
        },
      ],
    },
  ],
  pullSecrets: [{ name: "registry", stored: "fairway-secrets/platform.registry.local" }],
  account: { name: "orders", pullSecrets: ["registry"] },
  access: {
    roles: { logs: [{ apiGroups: [""], resources: ["pods/log"], verbs: ["get"] }] },
    bindings: [
      { name: "owner-view", group: "shop", role: { kind: "ClusterRole", name: "view" } },
      { name: "owner-logs", group: "shop", role: { kind: "Role", name: "logs" } },
    ],
  },
});
