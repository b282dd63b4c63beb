import type {
  Finding,
  ResourceView,
  Rule,
  RuleSettings,
} from "../../../stacks/contract/finding.ts";

/** What rules know of the environment in tests. */
export const SETTINGS: RuleSettings = {
  environment: "prod",
  registries: ["registry.example.com/", "docker.io/library/"],
  digest: "required",
  minReplicas: 2,
};

const LABELS = {
  "fairway.dev/service": "shop",
  "fairway.dev/owner": "team",
  "fairway.dev/environment": "prod",
  "fairway.dev/tier": "standard",
  "app.kubernetes.io/name": "shop",
};
const metadata = { name: "shop", namespace: "shop", labels: LABELS };
const probe = { httpGet: { path: "/healthz", port: 8080 } };
const container = {
  name: "main",
  image: `registry.example.com/shop/shop:1.2.3@sha256:${"a".repeat(64)}`,
  args: ["--port=8080"],
  env: [
    { name: "LOG_LEVEL", value: "info" },
    { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "shop", key: "db-password" } } },
  ],
  ports: [{ name: "http", containerPort: 8080 }],
  resources: {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "200m", memory: "128Mi" },
  },
  livenessProbe: probe,
  readinessProbe: probe,
  securityContext: {
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    capabilities: { drop: ["ALL"] },
  },
};
const { livenessProbe: _live, readinessProbe: _ready, ports: _ports, ...plain } = container;
const podSpec = {
  serviceAccountName: "shop",
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [container],
  initContainers: [{ ...plain, name: "prepare" }],
  ephemeralContainers: [{ ...plain, name: "debug" }],
  volumes: [{ name: "tmp", emptyDir: {} }],
};
const template = { metadata: { labels: LABELS }, spec: podSpec };
const selector = { matchLabels: { "app.kubernetes.io/name": "shop" } };

/** One compliant object of each kind that a rule looks at. */
const COMPLIANT = {
  "core/v1:Pod": { metadata, spec: podSpec },
  "core/v1:ReplicationController": { metadata, spec: { template } },
  "apps/v1:Deployment": { metadata, spec: { replicas: 2, selector, template } },
  "apps/v1:StatefulSet": { metadata, spec: { serviceName: "shop", selector, template } },
  "apps/v1:DaemonSet": { metadata, spec: { selector, template } },
  "apps/v1:ReplicaSet": { metadata, spec: { selector, template } },
  "batch/v1:Job": { metadata, spec: { template } },
  "batch/v1:CronJob": { metadata, spec: { jobTemplate: { spec: { template } } } },
  "core/v1:Namespace": { metadata },
  "core/v1:ConfigMap": { metadata, data: { "app.conf": "level = info\nport = 8080\n" } },
  "core/v1:Secret": { metadata, stringData: { "db-password": "kept where secrets belong" } },
  "core/v1:PersistentVolumeClaim": { metadata, spec: {} },
  "core/v1:Service": {
    metadata,
    spec: { type: "ClusterIP", selector: selector.matchLabels, ports: [{ port: 8080 }] },
  },
  "core/v1:ServiceAccount": { metadata, automountServiceAccountToken: false },
  "networking.k8s.io/v1:Ingress": { metadata, spec: {} },
  "networking.k8s.io/v1:NetworkPolicy": {
    metadata,
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  },
  "autoscaling/v2:HorizontalPodAutoscaler": {
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
      minReplicas: 2,
      maxReplicas: 4,
    },
  },
  "keda.sh/v1alpha1:ScaledObject": {
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
      minReplicaCount: 2,
      maxReplicaCount: 4,
      triggers: [],
    },
  },
  "policy/v1:PodDisruptionBudget": { metadata, spec: { selector, maxUnavailable: 1 } },
} as const;

/** A kind with its group and version, as in Pulumi's type tokens. */
export type Kind = keyof typeof COMPLIANT;
export const KINDS = Object.keys(COMPLIANT) as Kind[];

/** What to change in a fixture: path → value, `undefined` to take it away. */
export type Changes = Readonly<Record<string, unknown>>;

/** A compliant object with changes. */
export function fixture(kind: Kind, changes: Changes = {}): ResourceView {
  // Through JSON: a structured clone would keep what the objects share.
  const props = JSON.parse(JSON.stringify(COMPLIANT[kind])) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) put(props, path, value);
  const type = `kubernetes:${kind}`;
  return { urn: `urn:pulumi:shop.prod::fairway::${type}::shop`, type, name: "shop", props };
}

function put(props: Record<string, unknown>, path: string, value: unknown): void {
  const steps = [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) => quoted ?? index ?? plain ?? "",
  );
  const last = steps.pop() ?? "";
  let holder = props;
  for (const step of steps) holder = (holder[step] ??= {}) as Record<string, unknown>;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
}

/** The compliant objects of a whole stack, `changed` ones in the place of theirs. Without an autoscaler, unless it is among the changed. */
export function stack(...changed: readonly ResourceView[]): ResourceView[] {
  const types = changed.map(({ type }) => type);
  return [
    ...KINDS.filter((kind) => !/^autoscaling|^keda/.test(kind))
      .filter((kind) => !types.includes(`kubernetes:${kind}`))
      .map((kind) => fixture(kind)),
    ...changed,
  ];
}

/** What a rule finds in one object, or in a stack. */
export function findings(
  rule: Rule,
  found: ResourceView | readonly ResourceView[],
  settings: Partial<RuleSettings> = {},
): readonly Finding[] {
  const all = { ...SETTINGS, ...settings };
  const resources = "urn" in found ? [found] : found;
  return rule.scope === "stack"
    ? rule.check(resources, all)
    : resources
        .filter(({ type }) => rule.types.includes(type))
        .flatMap((resource) => rule.check(resource, all));
}
