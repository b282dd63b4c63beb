import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { Pod } from "@pulumi/kubernetes/core/v1/pod.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { StorageClass } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import { hardened } from "./fixture.ts";
import { openBench, resourcesOf, type Bench, type Program } from "./harness.ts";
import { at, listAt, objectAt, textAt } from "./json.ts";
import { openKubeconfig } from "./kubeconfig.ts";

const own = (): string => readFileSync(process.env["FAIRWAY_TEST_KUBECONFIG"] ?? "", "utf8");
let bench: Bench;
beforeAll(async () => void (bench = await openBench()));
afterAll(async () => await bench.close());

const labels = { app: "web" };

async function namespace(name: string): Promise<string> {
  await bench.post("/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  });
  return name;
}

function configMap(name: string, data: Record<string, string>, options: object = {}): Program {
  return () => void new ConfigMap("c", { metadata: { name: "c", namespace: name }, data }, options);
}

describe("credentials that may only read", () => {
  let reader: Bench;
  beforeAll(async () => {
    // A real service account with the cluster's own `view` role.
    await bench.post("/api/v1/namespaces/default/serviceaccounts", {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "kp-reader" },
    });
    await bench.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "kp-reader" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ kind: "ServiceAccount", name: "kp-reader", namespace: "default" }],
    });
    const issued = await bench.post("/api/v1/namespaces/default/serviceaccounts/kp-reader/token", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 3600 },
    });
    const { server } = await openKubeconfig(own());
    const user = { name: "reader", user: { token: textAt(issued, "status", "token") } };
    const config = {
      "current-context": "reader",
      contexts: [{ name: "reader", context: { cluster: "c", user: "reader" } }],
      clusters: [{ name: "c", cluster: { server: server.href, "insecure-skip-tls-verify": true } }],
      users: [user],
    };
    reader = await openBench({ kubeconfig: JSON.stringify(config) });
  });
  afterAll(async () => {
    await reader.close();
  });

  test("preview and find drift, and say that the API server could not check", async () => {
    const ns = await namespace("kp-readonly");
    const program =
      (image: string): Program =>
      () => {
        new Deployment("web", {
          metadata: { name: "web", namespace: ns },
          spec: {
            replicas: 2,
            selector: { matchLabels: labels },
            template: hardened(labels, image),
          },
        });
      };
    const writer = await bench.stack("written");
    expect((await writer.up(program("example.test/web:1"))).code).toBe(0);
    const stack = await reader.stack("written");
    const created = await stack.preview(program("example.test/web:1"));
    expect(created.output).toContain("2 to create");
    expect(created.diagnostics).toContain(
      "these credentials may not write: the API server could not check this preview",
    );
    await stack.restore(writer.state());
    expect((await stack.preview(program("example.test/web:2"))).steps).toEqual([
      "update Deployment web",
    ]);
    const calm = await stack.refresh(program("example.test/web:1"), "--preview-only");
    expect(calm.output).not.toMatch(/to update|to delete/);
    await bench.edit(`/apis/apps/v1/namespaces/${ns}/deployments/web`, { spec: { replicas: 1 } });
    const drifted = await stack.refresh(program("example.test/web:1"), "--preview-only", "--diff");
    expect(drifted.output).toContain("replicas: 2 => 1");
    expect(drifted.diagnostics).toContain(
      "drift was found by comparing the stored inputs with the live objects",
    );
    const refused = await stack.up(program("example.test/web:2"));
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain(`Deployment ${ns}/web: the credentials may not do this`);
  });
});

describe("other owners and other ways in", () => {
  test("fields that the official plugin created are taken over, those of another stack are not", async () => {
    const ns = await namespace("kp-official");
    const stack = await bench.stack("official");
    await stack.up(configMap(ns, { a: "1", b: "1" }));
    const path = `/api/v1/namespaces/${ns}/configmaps/c`;
    await bench.edit(path, { data: { a: "0" } }, "pulumi-kubernetes");
    for (const run of [
      await stack.preview(configMap(ns, { a: "2", b: "1" })),
      await stack.up(configMap(ns, { a: "2", b: "1" })),
    ])
      expect(run.code).toBe(0);
    expect(at(await bench.get(path), "data")).toEqual({ a: "2", b: "1" });
    await bench.edit(path, { data: { a: "0" } }, "pulumi-kubernetes-01234567");
    const contested = await stack.up(configMap(ns, { a: "3", b: "1" }));
    expect(contested.code).not.toBe(0);
    expect(contested.output).toContain("data.a is owned by pulumi-kubernetes-01234567");
  });

  test("an object is read with get, a secret one stays secret", async () => {
    const ns = await namespace("kp-get");
    await bench.post(`/api/v1/namespaces/${ns}/secrets`, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { a: "planted-for-get" },
    });
    const stack = await bench.stack("get");
    const run = await stack.up(() => {
      const secret = Secret.get("s", `${ns}/s`);
      return { type: secret.type, data: secret.data };
    });
    expect(run.code).toBe(0);
    expect(run.output).toContain('type: "Opaque"');
    expect(run.output).toContain("data: [secret]");
    for (const form of ["planted-for-get", Buffer.from("planted-for-get").toString("base64")])
      expect(stack.stateText()).not.toContain(form);
  });

  test("an object that exists is imported without a change", async () => {
    const ns = await namespace("kp-import");
    await bench.post(`/api/v1/namespaces/${ns}/configmaps`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c" },
      data: { a: "1" },
    });
    const stack = await bench.stack("import");
    const run = await stack.up(configMap(ns, { a: "1" }, { import: `${ns}/c` }));
    expect(run.output).toContain("1 imported");
    expect(run.code).toBe(0);
    expect((await stack.preview(configMap(ns, { a: "1" }))).steps).toEqual([]);
  });

  test("ignored changes stay as they are", async () => {
    const ns = await namespace("kp-ignore");
    const stack = await bench.stack("ignore");
    await stack.up(configMap(ns, { a: "1", b: "1" }));
    const run = await stack.up(configMap(ns, { a: "2", b: "2" }, { ignoreChanges: ["data.a"] }));
    expect(run.code).toBe(0);
    expect(at(await bench.get(`/api/v1/namespaces/${ns}/configmaps/c`), "data")).toEqual({
      a: "1",
      b: "2",
    });
  });
});

describe("several at once, and what waits for others", () => {
  test("stacks of several engines run at the same time on one server, preview and update in one command", async () => {
    const names = ["kp-many-1", "kp-many-2", "kp-many-3"];
    for (const name of names) await namespace(name);
    const runs = await Promise.all(
      names.map(async (name) => {
        const stack = await bench.stack(name);
        return await stack.run(["up", "--yes"], () => {
          for (let i = 0; i < 10; i++)
            new ConfigMap(`c${i}`, {
              metadata: { name: `c${i}`, namespace: name },
              data: { in: name },
            });
        });
      }),
    );
    for (const run of runs) {
      expect(run.output).toContain("11 created");
      expect(run.code).toBe(0);
    }
    for (const name of names) {
      const items = listAt(
        await bench.get(`/api/v1/namespaces/${name}/configmaps`),
        "items",
      ).filter((item) => textAt(item, "data", "in") === name);
      expect(items).toHaveLength(10);
    }
  });

  test("a claim whose class waits for its first consumer is not waited for; a pod is previewed before its account exists", async () => {
    const ns = await namespace("kp-volume");
    const program: Program = () => {
      const storageClass = new StorageClass("class", {
        metadata: { name: "kp-late" },
        provisioner: "example.test/none",
        volumeBindingMode: "WaitForFirstConsumer",
      });
      new PersistentVolumeClaim("claim", {
        metadata: { name: "data", namespace: ns },
        spec: {
          storageClassName: storageClass.metadata.name,
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "1Gi" } },
        },
      });
      const account = new ServiceAccount("account", {
        metadata: { name: "runner", namespace: ns },
      });
      const template = hardened(labels, "example.test/web:1");
      new Pod("pod", {
        metadata: { name: "pod", namespace: ns },
        spec: { ...template.spec, serviceAccountName: account.metadata.name },
      });
    };
    const stack = await bench.stack("volume");
    const preview = await stack.preview(program);
    expect(preview.code).toBe(0);
    expect(preview.diagnostics).toContain("its service account does not exist yet");
    const run = await stack.up(program);
    expect(run.code).toBe(0);
    expect(run.milliseconds).toBeLessThan(60_000);
    expect(
      textAt(
        resourcesOf(stack.state()).get("PersistentVolumeClaim claim"),
        "outputs",
        "status",
        "phase",
      ),
    ).toBe("Pending");
    expect(objectAt(await bench.get(`/api/v1/namespaces/${ns}/pods/pod`), "status")["phase"]).toBe(
      "Running",
    );
    expect((await stack.destroy()).code).toBe(0);
  });
});
