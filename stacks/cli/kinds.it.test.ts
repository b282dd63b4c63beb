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

async function install(definition: string): Promise<void> {
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
      .request({ method: "GET", path: "/apis/monitoring.coreos.com/v1" })
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
