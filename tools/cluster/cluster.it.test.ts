import {
  KubeConfig,
  BatchV1Api,
  AppsV1Api,
  CoreV1Api,
  NetworkingV1Api,
} from "@kubernetes/client-node";
import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";

const kubeconfig = process.env["FAIRWAY_TEST_KUBECONFIG"]!;
const config = new KubeConfig();
config.loadFromFile(kubeconfig);
const [core, apps, batch, net] = [
  config.makeApiClient(CoreV1Api),
  config.makeApiClient(AppsV1Api),
  config.makeApiClient(BatchV1Api),
  config.makeApiClient(NetworkingV1Api),
];
const namespace = `cluster-test-${process.pid}`;

const until = async (done: () => Promise<boolean>): Promise<void> => {
  for (const limit = Date.now() + 120_000; !(await done()); await sleep(50))
    if (Date.now() > limit) throw new Error("not within two minutes");
};

const spec = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name: "main",
      image: "example/main:1",
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    },
  ],
};

describe("the local control plane", () => {
  beforeAll(async () => {
    await core.createNamespace({
      body: {
        metadata: {
          name: namespace,
          labels: { "pod-security.kubernetes.io/enforce": "restricted" },
        },
      },
    });
    await until(
      async () => (await core.listNamespacedServiceAccount({ namespace })).items.length === 1,
    );
    return async () => void (await core.deleteNamespace({ name: namespace }));
  });

  test("keeps its kubeconfig readable by its owner only", () => {
    expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
  });

  test("makes a restricted deployment available", async () => {
    const labels = { app: "a" };
    await apps.createNamespacedDeployment({
      namespace,
      body: {
        metadata: { name: "a" },
        spec: {
          replicas: 3,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec },
        },
      },
    });
    await until(
      async () =>
        (await apps.readNamespacedDeployment({ namespace, name: "a" })).status
          ?.availableReplicas === 3,
    );
  });

  test("refuses a privileged pod where the namespace enforces `restricted`", async () => {
    const body = {
      metadata: { name: "p" },
      spec: { containers: [{ name: "p", image: "p:1", securityContext: { privileged: true } }] },
    };
    await expect(core.createNamespacedPod({ namespace, body })).rejects.toMatchObject({
      code: 403,
    });
  });

  test("completes a job and binds a stateful set's claim", async () => {
    await batch.createNamespacedJob({
      namespace,
      body: {
        metadata: { name: "j" },
        spec: { template: { spec: { ...spec, restartPolicy: "Never" } } },
      },
    });
    const labels = { app: "s" };
    const claim = {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    await apps.createNamespacedStatefulSet({
      namespace,
      body: {
        metadata: { name: "s" },
        spec: {
          serviceName: "s",
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec },
          volumeClaimTemplates: [claim],
        },
      },
    });
    await until(
      async () => (await batch.readNamespacedJob({ namespace, name: "j" })).status?.succeeded === 1,
    );
    await until(
      async () =>
        (await apps.readNamespacedStatefulSet({ namespace, name: "s" })).status?.readyReplicas ===
        1,
    );
    const claims = await core.listNamespacedPersistentVolumeClaim({ namespace });
    expect(claims.items.map((item) => item.status?.phase)).toEqual(["Bound"]);
  });

  test("gives an ingress its address", async () => {
    await net.createNamespacedIngress({
      namespace,
      body: {
        metadata: { name: "i" },
        spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } } },
      },
    });
    await until(
      async () =>
        (await net.readNamespacedIngress({ namespace, name: "i" })).status?.loadBalancer
          ?.ingress?.[0]?.ip === "127.0.0.1",
    );
  });
});
