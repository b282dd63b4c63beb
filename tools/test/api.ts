import { openClient } from "../../stacks/providers/kubernetes/client.ts";
import { openKubeconfig } from "../../stacks/providers/kubernetes/kubeconfig.ts";
import { LABELS } from "../../stacks/contract/names.ts";

interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** The API server of this test run, read as any client would. */
export interface TestApi {
  get(path: string): Promise<KubernetesObject | undefined>;
  list(path: string): Promise<readonly KubernetesObject[]>;
  /** Deployments and StatefulSets of services, and whether all their pods are ready. */
  workloads(services: readonly string[]): Promise<readonly { name: string; ready: boolean }[]>;
  /** `kind namespace/name` of every object labelled with one of the services, namespaces included. */
  objectsOf(services: readonly string[]): Promise<readonly string[]>;
  /** Every labelled object without what changes by itself: for "nothing was touched". */
  snapshot(services: readonly string[]): Promise<string>;
}

const KINDS: readonly (readonly [kind: string, path: string])[] = [
  ["Namespace", "/api/v1/namespaces"],
  ["ConfigMap", "/api/v1/configmaps"],
  ["Secret", "/api/v1/secrets"],
  ["Service", "/api/v1/services"],
  ["ServiceAccount", "/api/v1/serviceaccounts"],
  ["PersistentVolumeClaim", "/api/v1/persistentvolumeclaims"],
  ["Pod", "/api/v1/pods"],
  ["Deployment", "/apis/apps/v1/deployments"],
  ["StatefulSet", "/apis/apps/v1/statefulsets"],
  ["Job", "/apis/batch/v1/jobs"],
  ["CronJob", "/apis/batch/v1/cronjobs"],
  ["HorizontalPodAutoscaler", "/apis/autoscaling/v2/horizontalpodautoscalers"],
  ["PodDisruptionBudget", "/apis/policy/v1/poddisruptionbudgets"],
  ["NetworkPolicy", "/apis/networking.k8s.io/v1/networkpolicies"],
  ["Ingress", "/apis/networking.k8s.io/v1/ingresses"],
  ["RoleBinding", "/apis/rbac.authorization.k8s.io/v1/rolebindings"],
];

/** Opens the API server that vitest's set-up started, or the one of a kubeconfig. */
export async function apiOf(
  kubeconfig = process.env["FAIRWAY_TEST_KUBECONFIG"]!,
): Promise<TestApi> {
  const access = await openKubeconfig(kubeconfig);
  const ask = async (path: string): Promise<{ status: number; body: unknown }> => {
    const client = openClient(access, () => Date.now());
    try {
      return await client.request({ method: "GET", path });
    } finally {
      client.close();
    }
  };
  const list = async (path: string): Promise<readonly KubernetesObject[]> => {
    const { status, body } = await ask(path);
    return status === 200 ? ((body as { items?: KubernetesObject[] }).items ?? []) : [];
  };
  const labelled = async (
    services: readonly string[],
  ): Promise<readonly (readonly [string, KubernetesObject])[]> => {
    const wanted = new Set(services);
    const lists = await Promise.all(
      KINDS.map(async ([kind, path]) =>
        (await list(`${path}?labelSelector=${encodeURIComponent(LABELS.service)}`)).map(
          (object) => [kind, object] as const,
        ),
      ),
    );
    return lists
      .flat()
      .filter(([, object]) => wanted.has(object.metadata.labels?.[LABELS.service] ?? ""));
  };
  const nameOf = ([kind, { metadata }]: readonly [string, KubernetesObject]): string =>
    `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ""}${metadata.name}`;
  return {
    list,
    async get(path) {
      const { status, body } = await ask(path);
      return status === 200 ? (body as KubernetesObject) : undefined;
    },
    async workloads(services) {
      const all = (await labelled(services)).filter(
        ([kind]) => kind === "Deployment" || kind === "StatefulSet",
      );
      return all.map((entry) => {
        const { spec, status } = entry[1];
        return {
          name: nameOf(entry),
          ready: (status?.["readyReplicas"] ?? 0) === (spec?.["replicas"] ?? 1),
        };
      });
    },
    async objectsOf(services) {
      return (await labelled(services)).map(nameOf).toSorted();
    },
    async snapshot(services) {
      const objects = (await labelled(services)).filter(([kind]) => kind !== "Pod");
      return JSON.stringify(objects.map(settled), null, 1);
    },
  };
}

/** An object without what controllers write by themselves: status, and the replicas that an autoscaler sets. */
function settled([kind, { metadata, spec, status: _status, ...rest }]: readonly [
  string,
  KubernetesObject,
]): unknown {
  const { name, namespace, uid, labels, annotations, generation } = metadata;
  const scaled = kind === "Deployment";
  const { replicas, ...others } = spec ?? {};
  return {
    kind,
    name,
    namespace,
    uid,
    labels,
    annotations,
    ...(scaled ? { spec: others } : { generation, spec: { ...others, replicas } }),
    ...rest,
  };
}
