import type { Plan, PlanItem } from "../contract/plan.ts";

const labels = { "fairway.dev/service": "shop" };

/** An item of a plan. */
export const item = (
  id: string,
  component: string,
  args: PlanItem["args"],
  more: Partial<PlanItem> = {},
): PlanItem => ({
  id,
  component,
  args,
  origins: {},
  after: [],
  stateful: false,
  ...more,
});

/** Walls of the namespace `shop`. */
export const tenancy = item("tenancy", "tenancy", {
  namespace: "shop",
  labels,
  namespaceLabels: {},
  quota: { pods: "10" },
  limits: { requests: { cpu: "1", memory: "1Mi" }, limits: { cpu: "1", memory: "1Mi" } },
  policies: [{ name: "default-deny", pods: {}, ingress: [], egress: [] }],
});

/** A workload of the namespace `shop`, with arguments of its own on top. */
export const workload = (
  component: string,
  args: PlanItem["args"] = {},
  more: Partial<PlanItem> = {},
): PlanItem =>
  item(
    "workload",
    component,
    {
      name: "shop",
      namespace: "shop",
      labels,
      selector: { "app.kubernetes.io/name": "shop" },
      annotations: {},
      podAnnotations: {},
      account: "shop",
      priorityClass: "standard",
      terminationGrace: 30,
      initContainers: [],
      containers: [],
      volumes: [],
      claims: [],
      strategy: "rolling",
      ...args,
    },
    { after: ["tenancy"], ...more },
  );

/** A plan of the stack `shop.local`. */
export const planOf = (items: readonly PlanItem[], more: Partial<Plan> = {}): Plan => ({
  stack: "shop.local",
  kind: "service",
  name: "shop",
  environment: "local",
  namespace: "shop",
  labels,
  items,
  patches: [],
  edges: [],
  outputs: {},
  dependsOn: [],
  images: {},
  digest: "d".repeat(64),
  refusals: [],
  notes: [],
  ...more,
});
