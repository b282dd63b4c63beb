import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import { openWorkspace, resourcesOf } from "./harness.ts";
import { serveKubernetes } from "./index.ts";

const labels = { "app.kubernetes.io/name": "web" };
const template = (image: string) => ({
  metadata: { labels },
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "web",
        image,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        resources: { requests: { cpu: "0.1", memory: "64Mi" }, limits: { memory: "1024Mi" } },
      },
    ],
  },
});
const shop =
  (change: { image?: string; secret?: string } = {}) =>
  () => {
    const ns = new Namespace("ns", {
      metadata: { name: "kp-shop", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    const namespace = ns.metadata.name;
    const secret = new Secret("secret", {
      metadata: { name: "s", namespace },
      stringData: { password: pulumi.secret(change.secret ?? "hunter2-planted") },
    });
    new ConfigMap("config", { metadata: { name: "c", namespace }, data: { a: "1" } });
    new ServiceAccount("account", {
      metadata: { name: "web", namespace },
      automountServiceAccountToken: false,
    });
    new Service("service", {
      metadata: { name: "web", namespace },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    });
    const deployment = new Deployment("web", {
      metadata: { name: "web", namespace },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: template(change.image ?? "a:1"),
      },
    });
    new PodDisruptionBudget("pdb", {
      metadata: { name: "web", namespace },
      spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
    });
    new HorizontalPodAutoscaler("hpa", {
      metadata: { name: "web", namespace },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        minReplicas: 2,
        maxReplicas: 4,
      },
    });
    new NetworkPolicy("deny", {
      metadata: { name: "deny", namespace },
      spec: { podSelector: {}, policyTypes: ["Ingress"] },
    });
    new Role("role", {
      metadata: { name: "r", namespace },
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    });
    new RoleBinding("binding", {
      metadata: { name: "r", namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" },
      subjects: [{ kind: "Group", name: "team", apiGroup: "rbac.authorization.k8s.io" }],
    });
    new CronJob("cron", {
      metadata: { name: "nightly", namespace },
      spec: {
        schedule: "0 0 * * *",
        jobTemplate: {
          spec: {
            template: {
              ...template("b:1"),
              spec: { ...template("b:1").spec, restartPolicy: "Never" },
            },
          },
        },
      },
    });
    new StatefulSet("db", {
      metadata: { name: "db", namespace },
      spec: {
        serviceName: "db",
        selector: { matchLabels: { app: "db" } },
        template: { ...template("db:1"), metadata: { labels: { app: "db" } } },
      },
    });
    return { uid: deployment.metadata.uid, secret: secret.data };
  };

let server: Awaited<ReturnType<typeof serveKubernetes>>;
let workspace: ReturnType<typeof openWorkspace>;
beforeAll(async () => {
  server = await serveKubernetes({
    kubeconfig: readFileSync("/tmp/kp/cluster/kubeconfig", "utf8"),
    log: (line) => console.log(line),
  });
  workspace = openWorkspace({ pulumi: "/tmp/eng/pulumi", port: server.port });
});
afterAll(async () => {
  workspace.close();
  await server.close();
});

describe("life of a stack", () => {
  test("creates, leaves alone, updates and deletes", async () => {
    const stack = await workspace.stack("shop");
    const p = await stack.preview(shop());
    console.log(p.code, p.milliseconds, p.output);
    const u = await stack.up(shop());
    console.log(u.code, u.milliseconds, u.output);
    expect(u.code).toBe(0);
    const n = await stack.preview(shop());
    console.log(n.code, n.milliseconds, n.steps, n.output);
    const c = await stack.preview(shop({ image: "a:2" }));
    console.log(c.code, c.milliseconds, c.steps, c.output);
    const d = await stack.up(shop({ image: "a:2" }));
    console.log(d.code, d.milliseconds, d.steps, d.output);
    console.log(JSON.stringify(resourcesOf(stack.state()).get("Secret secret"), null, 1));
    const r = await stack.refresh(shop({ image: "a:2" }), "--preview-only", "--diff");
    console.log(r.code, r.milliseconds, r.steps, r.output);
    const x = await stack.destroy();
    console.log(x.code, x.milliseconds, x.output);
  }, 120000);
});
