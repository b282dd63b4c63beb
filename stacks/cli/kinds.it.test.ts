import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestCluster, startTestCluster } from "../../tools/cluster/test-cluster.ts";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { apiOf } from "../../tools/test/api.ts";
import { testRoot, type TestRoot } from "../../tools/test/root.ts";
import { openClient } from "../providers/kubernetes/client.ts";
import type { JsonObject } from "../providers/kubernetes/json.ts";
import { openKubeconfig } from "../providers/kubernetes/kubeconfig.ts";

const FILE = "services/watched/service.yaml";

let cluster: TestCluster;
let root: TestRoot;
beforeAll(async () => {
  cluster = await startTestCluster();
  root = testRoot({ kubeconfig: cluster.kubeconfig });
  root.write(
    FILE,
    `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: watched
spec:
  type: microservice
  language: node
  owner: shop
  image: registry.example.com/watched:1.0
  monitoring: enabled
`,
  );
});
afterAll(async () => {
  root?.remove();
  await cluster?.stop();
});

async function install(definition: string, group = "monitoring.coreos.com/v1"): Promise<void> {
  const file = path.join(checkoutRoot(), "components/platform/crds", definition);
  const client = openClient(await openKubeconfig(cluster.kubeconfig), Date.now);
  const body = JSON.parse(readFileSync(file, "utf8")) as JsonObject;
  await client.request({
    method: "POST",
    path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    body,
  });
  const served = async (): Promise<boolean> =>
    await client
      .request({ method: "GET", path: `/apis/${group}` })
      .then(({ body: { resources } }) =>
        JSON.stringify(resources).includes(path.parse(definition).name),
      )
      .catch(() => false);
  while (!(await served())) await new Promise((resolve) => setTimeout(resolve, 50));
  client.close();
}

test("a service that is to be watched is refused, untouched, until its cluster serves the kinds for that", async () => {
  const api = await apiOf(cluster.kubeconfig);
  const refusal = (kinds: string) => ({
    exit: 4,
    problems: [
      {
        code: "FW6001",
        message: `watched is to be watched, but the cluster of local does not serve ${kinds} (monitoring.coreos.com/v1)`,
        file: FILE,
        line: 10,
        hint: expect.stringContaining("or turn `monitoring` off"),
      },
    ],
  });
  expect(await root.json("preview", "watched")).toMatchObject(
    refusal("ServiceMonitor and PrometheusRule"),
  );
  expect(await root.json("up", "watched")).toMatchObject(
    refusal("ServiceMonitor and PrometheusRule"),
  );
  expect(await api.objectsOf(["watched"])).toEqual([]);
  await install("servicemonitors.json");
  expect(await root.json("preview", "watched")).toMatchObject(refusal("PrometheusRule"));
  await install("prometheusrules.json");
  expect(await root.json("preview", "watched")).toMatchObject({ exit: 0, problems: [] });
  expect(await root.json("up", "watched")).toMatchObject({ exit: 0, problems: [] });
});

test("a service takes up a schedule once its cluster serves the kind, and leaves it again", async () => {
  const file = "services/clocked/service.yaml";
  const api = await apiOf(cluster.kubeconfig);
  const write = (scaling: string): void =>
    root.write(
      file,
      `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: clocked
spec:
  type: worker
  owner: shop
  image: registry.example.com/clocked:1.0
  health: {command: [clocked, alive]}
  scaling: ${scaling}
`,
    );
  const window = "{from: 0 8 * * 1-5, to: 0 18 * * 1-5, replicas: 2}";
  const isThere = async (path: string): Promise<boolean> => {
    const client = openClient(await openKubeconfig(cluster.kubeconfig), Date.now);
    try {
      await client.request({ method: "GET", path: `/apis/${path}/clocked` });
      return true;
    } catch {
      return false;
    } finally {
      client.close();
    }
  };
  const kinds = async (): Promise<string[]> => {
    const deployment = (await api.objectsOf(["clocked"])).find((id) =>
      id.startsWith("Deployment "),
    );
    const namespace = deployment?.slice("Deployment ".length).split("/")[0];
    const [hpa, scaled] = [
      await isThere(`autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`),
      await isThere(`keda.sh/v1alpha1/namespaces/${namespace}/scaledobjects`),
    ];
    return [...(hpa ? ["HorizontalPodAutoscaler"] : []), ...(scaled ? ["ScaledObject"] : [])];
  };
  write("{min: 1, max: 2}");
  expect(await root.json("up", "clocked")).toMatchObject({ exit: 0, problems: [] });
  expect(await kinds()).toEqual(["HorizontalPodAutoscaler"]);
  write(`{min: 1, max: 2, schedule: [${window}]}`);
  expect(await root.json("preview", "clocked")).toMatchObject({
    exit: 4,
    problems: [
      {
        code: "FW6001",
        message:
          "clocked is to be scaled by the clock, but the cluster of local does not serve ScaledObject (keda.sh/v1alpha1)",
        file,
        line: 10,
        hint: "install KEDA in that cluster, or take `schedule` out of `scaling`",
      },
    ],
  });
  await install("scaledobjects.json", "keda.sh/v1alpha1");
  expect(await root.json("up", "clocked")).toMatchObject({ exit: 0, problems: [] });
  expect(await kinds()).toEqual(["ScaledObject"]);
  write("{min: 1, max: 2}");
  expect(await root.json("up", "clocked")).toMatchObject({ exit: 0, problems: [] });
  expect(await kinds()).toEqual(["HorizontalPodAutoscaler"]);
});
