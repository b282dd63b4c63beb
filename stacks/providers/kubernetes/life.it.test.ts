import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { Ingress } from "@pulumi/kubernetes/networking/v1/ingress.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import { openApiProxy, type ApiProxy } from "./api-proxy.ts";
import { hardened } from "./fixture.ts";
import { openBench, resourcesOf, type Bench, type Program } from "./harness.ts";
import { at, textAt } from "./json.ts";

const PLANTED = "hunter2-planted-secret";
const NAMESPACE = "kp-life";

interface Changes {
  image?: string;
  replicas?: number;
  roleName?: string;
  config?: string;
  without?: "config";
  force?: boolean;
}

/** Sixteen kinds, one object each, in a namespace that enforces `restricted`. */
function shop(change: Changes = {}): Program {
  return () => {
    const labels = { "app.kubernetes.io/name": "web" };
    const ns = new Namespace("ns", {
      metadata: { name: NAMESPACE, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    const namespace = ns.metadata.name;
    const meta = (name: string) => ({ name, namespace });
    const forced = (name: string) =>
      change.force
        ? { ...meta(name), annotations: { "pulumi.com/patchForce": "true" } }
        : meta(name);
    const secret = new Secret("secret", {
      metadata: meta("s"),
      stringData: { password: pulumi.secret(PLANTED) },
    });
    if (change.without !== "config")
      new ConfigMap("config", { metadata: forced("c"), data: { a: change.config ?? "1", b: "2" } });
    new ServiceAccount("account", { metadata: meta("web"), automountServiceAccountToken: false });
    new Service("service", {
      metadata: meta("web"),
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    });
    const web = new Deployment("web", {
      metadata: forced("web"),
      spec: {
        replicas: change.replicas ?? 2,
        selector: { matchLabels: labels },
        template: hardened(labels, change.image ?? "example.test/web:1"),
      },
    });
    new PodDisruptionBudget("pdb", {
      metadata: meta("web"),
      spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
    });
    new HorizontalPodAutoscaler("hpa", {
      metadata: meta("db"),
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "db" },
        minReplicas: 1,
        maxReplicas: 4,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
          },
        ],
      },
    });
    new NetworkPolicy("deny", {
      metadata: meta("deny"),
      spec: { podSelector: {}, policyTypes: ["Ingress"] },
    });
    new Role("role", {
      metadata: meta("r"),
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    });
    new RoleBinding("binding", {
      metadata: meta("r"),
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "Role",
        name: change.roleName ?? "r",
      },
      subjects: [{ kind: "Group", name: "team", apiGroup: "rbac.authorization.k8s.io" }],
    });
    const batch = { ...hardened({ app: "batch" }, "example.test/batch:1") };
    const once = { ...batch, spec: { ...batch.spec, restartPolicy: "Never" } };
    new CronJob("cron", {
      metadata: meta("nightly"),
      spec: { schedule: "0 0 * * *", jobTemplate: { spec: { template: once } } },
    });
    new Job("job", {
      metadata: { ...meta("migrate"), annotations: { "pulumi.com/timeoutSeconds": "60" } },
      spec: { suspend: true, template: once },
    });
    new PersistentVolumeClaim("claim", {
      metadata: meta("data"),
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1024Mi" } } },
    });
    new StatefulSet("db", {
      metadata: meta("db"),
      spec: {
        serviceName: "db",
        selector: { matchLabels: { app: "db" } },
        template: hardened({ app: "db" }, "example.test/db:1"),
      },
    });
    new Ingress("ingress", {
      metadata: meta("web"),
      spec: {
        rules: [
          {
            host: "web.test",
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: "web", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    });
    return { uid: web.metadata.uid, data: secret.data };
  };
}

describe("the life of a stack", () => {
  let bench: Bench;
  let proxy: ApiProxy;
  beforeAll(async () => {
    proxy = await openApiProxy(readFileSync(process.env["FAIRWAY_TEST_KUBECONFIG"] ?? "", "utf8"));
    bench = await openBench({ kubeconfig: proxy.kubeconfig });
  });
  afterAll(async () => {
    await bench.close();
    await proxy.close();
  });

  test("creates sixteen kinds, changes just what changed, finds drift, and deletes everything", async () => {
    const stack = await bench.stack("life");
    const first = await stack.preview(shop());
    expect(first.output).toContain("17 to create");
    expect(first.diagnostics).toContain(`namespace ${NAMESPACE} does not exist yet`);
    expect(await bench.get(`/api/v1/namespaces/${NAMESPACE}`)).toBeUndefined();

    const created = await stack.up(shop());
    expect(created.output).toContain("17 created");
    expect(created.code).toBe(0);
    const deployment = await bench.get(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/web`);
    expect(at(deployment, "status", "availableReplicas")).toBe(2);

    // Nothing changed: no step, and not one request to the API server.
    const asked = proxy.seen.length;
    const idle = await stack.preview(shop());
    expect(idle.steps).toEqual([]);
    const idleUp = await stack.up(shop());
    expect(idleUp.output).toContain("17 unchanged");
    expect(proxy.seen.length).toBe(asked);

    // One field: one object, in place.
    const before = await resourceVersions(bench);
    const changed = await stack.up(shop({ image: "example.test/web:2" }));
    expect(changed.code).toBe(0);
    expect(changed.steps).toEqual(["update Deployment web"]);
    expect(changed.all.find(({ op }) => op === "update")?.detailed).toEqual({
      "spec.template.spec.containers[0].image": "update",
    });
    const after = await resourceVersions(bench);
    expect(
      [...after].filter(([path, version]) => before.get(path) !== version).map(([path]) => path),
    ).toEqual([`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/web`]);

    // An immutable field: replaced, deleted first because the name is the same, with the reason.
    const replaced = await stack.preview(shop({ image: "example.test/web:2", roleName: "other" }));
    expect(replaced.code).toBe(0);
    expect(replaced.steps).toEqual([
      "create-replacement RoleBinding binding",
      "delete-replaced RoleBinding binding",
      "replace RoleBinding binding",
    ]);
    expect(replaced.diagnostics).toMatch(/must be replaced: roleRef: .*cannot change roleRef/);
    const replacedUp = await stack.up(shop({ image: "example.test/web:2", roleName: "other" }));
    expect(replacedUp.code).toBe(0);
    expect(
      textAt(
        await bench.get(
          `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}/rolebindings/r`,
        ),
        "roleRef",
        "name",
      ),
    ).toBe("other");

    // No drift, then three kinds of it.
    const wanted = shop({ image: "example.test/web:2", roleName: "other" });
    const calm = await stack.refresh(wanted, "--preview-only");
    expect(calm.code).toBe(0);
    expect(calm.output).not.toMatch(/updated|deleted|to update|to delete/);
    await bench.edit(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/web`, {
      spec: { replicas: 1 },
    });
    await bench.edit(`/api/v1/namespaces/${NAMESPACE}/configmaps/c`, {
      data: { a: "edited", added: "by another" },
    });
    await bench.client.request({
      method: "DELETE",
      path: `/apis/networking.k8s.io/v1/namespaces/${NAMESPACE}/networkpolicies/deny`,
    });
    const drifted = await stack.refresh(wanted, "--preview-only", "--diff");
    expect(drifted.output).toContain("replicas: 2 => 1");
    expect(drifted.output).toContain("edited");
    expect(drifted.output).not.toContain("by another");
    expect(drifted.output).toContain("- kubernetes:networking.k8s.io/v1:NetworkPolicy: (delete)");
    expect(drifted.output).toContain("3 changes. 14 unchanged");

    // A refresh that writes, then an update that mends.
    const written = await stack.refresh(wanted, "--yes", "--skip-preview");
    expect(written.code).toBe(0);
    const contested = await stack.preview(wanted);
    expect(contested.code).not.toBe(0);
    expect(contested.output).toMatch(
      /kp-life\/(c|web): another manager owns fields that this program sets \(as pulumi-kubernetes-\w{8}\): (data\.a|\.?spec\.replicas) is owned by kubectl-edit/,
    );
    const mended = await stack.up(
      shop({ image: "example.test/web:2", roleName: "other", force: true }),
    );
    expect(mended.code).toBe(0);
    expect(mended.steps).toEqual([
      "create NetworkPolicy deny",
      "update ConfigMap config",
      "update Deployment web",
    ]);
    const config = await bench.get(`/api/v1/namespaces/${NAMESPACE}/configmaps/c`);
    expect(at(config, "data")).toEqual({ a: "1", b: "2", added: "by another" });

    // Removed from the program: deleted.
    const removed = await stack.up(
      shop({ image: "example.test/web:2", roleName: "other", force: true, without: "config" }),
    );
    expect(removed.steps).toEqual(["delete ConfigMap config"]);
    expect(await bench.get(`/api/v1/namespaces/${NAMESPACE}/configmaps/c`)).toBeUndefined();

    // The planted secret: nowhere in clear, in none of its forms.
    const forms = [PLANTED, Buffer.from(PLANTED).toString("base64")];
    const secret = resourcesOf(stack.state()).get("Secret secret");
    expect(JSON.stringify(at(secret, "outputs", "__inputs"))).toContain("ciphertext");
    for (const form of forms) {
      expect(stack.stateText().includes(form)).toBe(false);
      for (const run of [first, created, changed, drifted, mended])
        expect(run.output).not.toContain(form);
      for (const run of [first, created, changed, drifted, mended])
        expect(JSON.stringify(run.events).includes(form)).toBe(false);
      expect(bench.log.join("\n")).not.toContain(form);
    }

    const destroyed = await stack.destroy();
    expect(destroyed.code).toBe(0);
    expect(await bench.get(`/api/v1/namespaces/${NAMESPACE}`)).toBeUndefined();
    expect(at(stack.state(), "checkpoint", "latest", "resources") ?? []).toEqual([]);
  });
});

/** Resource versions of the objects a program may touch, by path. */
async function resourceVersions(bench: Bench): Promise<Map<string, string>> {
  const collections = [
    "/api/v1/%/configmaps",
    "/api/v1/%/secrets",
    "/api/v1/%/services",
    "/apis/apps/v1/%/deployments",
    "/apis/apps/v1/%/statefulsets",
    "/apis/batch/v1/%/cronjobs",
  ];
  const versions = new Map<string, string>();
  for (const collection of collections) {
    const path = collection.replace("%", `namespaces/${NAMESPACE}`);
    const list = await bench.get(path);
    for (const item of (at(list, "items") as []) ?? [])
      versions.set(
        `${path}/${textAt(item, "metadata", "name")}`,
        textAt(item, "metadata", "resourceVersion"),
      );
  }
  return versions;
}
