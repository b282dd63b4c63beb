import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { DeploymentPatch } from "@pulumi/kubernetes/apps/v1/deploymentPatch.js";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { ConfigMapList } from "@pulumi/kubernetes/core/v1/configMapList.js";
import { hardened } from "./fixture.ts";
import { EMPTY, openBench, resourcesOf, type Bench, type Program } from "./harness.ts";
import { listAt, objectAt, textAt } from "./json.ts";

let bench: Bench;
beforeAll(async () => void (bench = await openBench()));
afterAll(async () => await bench.close());

/** A namespace of the test's own, made by somebody else. */
async function namespace(name: string, labels: Record<string, string> = {}): Promise<string> {
  await bench.post("/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels },
  });
  return name;
}

const labels = { app: "web" };

function deployment(
  name: string,
  template: object,
  options: { replicas?: number; timeout?: string } = {},
): Program {
  return () => {
    const spec = { replicas: options.replicas ?? 1, selector: { matchLabels: labels }, template };
    new Deployment(
      "web",
      { metadata: { name: "web", namespace: name }, spec },
      options.timeout
        ? { customTimeouts: { create: options.timeout, update: options.timeout } }
        : {},
    );
  };
}

const bare = {
  metadata: { labels },
  spec: { containers: [{ name: "main", image: "example.test/web:1" }] },
};

describe("what keeps an object from becoming ready", () => {
  test("an admission refusal is told with its reason within seconds, kept in state, and mended by the next update", async () => {
    const ns = await namespace("kp-restricted", {
      "pod-security.kubernetes.io/enforce": "restricted",
    });
    const stack = await bench.stack("restricted");
    const refused = await stack.up(deployment(ns, bare));
    expect(refused.code).not.toBe(0);
    expect(refused.milliseconds).toBeLessThan(60_000);
    expect(refused.output).toContain(
      `Deployment ${ns}/web: 0 of 1 new pod made; refused by Pod Security`,
    );
    expect(refused.output).toContain("must set securityContext.allowPrivilegeEscalation=false");
    const kept = resourcesOf(stack.state()).get("Deployment web");
    expect(textAt(kept, "id")).toBe(`${ns}/web`);
    expect(listAt(kept, "initErrors").join()).toContain("refused by Pod Security");

    // Refresh keeps the reason; the unchanged program tries again; the mended one succeeds, stale condition or not.
    const refreshed = await stack.refresh(deployment(ns, bare), "--yes", "--skip-preview");
    expect(listAt(resourcesOf(stack.state()).get("Deployment web"), "initErrors").join()).toContain(
      "refused by Pod Security",
    );
    expect(refreshed.output).toContain("refused by Pod Security");
    const again = await stack.up(deployment(ns, bare));
    expect(again.steps).toEqual(["update Deployment web"]);
    expect(again.output).toContain("refused by Pod Security");
    const mended = await stack.up(deployment(ns, hardened(labels, "example.test/web:1")));
    expect(mended.code).toBe(0);
    expect(listAt(resourcesOf(stack.state()).get("Deployment web"), "initErrors")).toEqual([]);
    expect(
      (await stack.preview(deployment(ns, hardened(labels, "example.test/web:1")))).steps,
    ).toEqual([]);
  });

  test("a namespace that warns shows the warning in preview already", async () => {
    const ns = await namespace("kp-warns", { "pod-security.kubernetes.io/warn": "restricted" });
    const preview = await (await bench.stack("warns")).preview(deployment(ns, bare));
    expect(preview.code).toBe(0);
    expect(preview.diagnostics).toContain('would violate PodSecurity "restricted:latest"');
  });

  test("a StatefulSet that may not make its pods says so, too", async () => {
    const ns = await namespace("kp-restricted-set", {
      "pod-security.kubernetes.io/enforce": "restricted",
    });
    const run = await (
      await bench.stack("restricted-set")
    ).up(() => {
      new StatefulSet("db", {
        metadata: { name: "db", namespace: ns },
        spec: { serviceName: "db", selector: { matchLabels: labels }, template: bare },
      });
    });
    expect(run.code).not.toBe(0);
    expect(run.milliseconds).toBeLessThan(60_000);
    expect(run.output).toContain("refused by Pod Security");
  });

  test("a quota on pods is the live reason, a quota on objects shows in preview", async () => {
    const ns = await namespace("kp-quota");
    await bench.post(`/api/v1/namespaces/${ns}/resourcequotas`, {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "q" },
      spec: { hard: { pods: "1", "count/secrets": "0", "count/configmaps": "1" } },
    });
    // Until the quota has counted the namespace's own ConfigMap, another reason is given. Nothing is counted while the
    // controller takes up kinds that come and go in other tests: up to a minute, and another where one is gone before.
    const quota = `/api/v1/namespaces/${ns}/resourcequotas/q`;
    const counted = async () =>
      textAt(await bench.get(quota), "status", "used", "count/configmaps") === "1" ? "yes" : "";
    expect(await until(counted, 240_000)).toBe("yes");
    const stack = await bench.stack("quota");
    const run = await stack.upUntil(
      deployment(ns, hardened(labels, "example.test/web:1"), { replicas: 3 }),
      "waiting: 1 of 3 new pods made; quota:",
    );
    expect(run.code).not.toBe(0);
    expect(run.output).toMatch(
      /cancelled while waiting: 1 of 3 new pods made; quota: .*exceeded quota: q/,
    );
    const preview = await stack.preview(() => {
      new ConfigMap("c", { metadata: { name: "c", namespace: ns }, data: {} });
    });
    expect(preview.code).not.toBe(0);
    expect(preview.output).toMatch(
      /ConfigMap kp-quota\/c exceeds the quota: .*exceeded quota: q, requested: count\/configmaps=1/,
    );
  });

  test("a pod that fits no node is named with the scheduler's reason", async () => {
    const ns = await namespace("kp-unschedulable");
    const huge = hardened(labels, "example.test/web:1");
    huge.spec.containers[0]!.resources.requests.cpu = "9999";
    const stack = await bench.stack("unschedulable");
    const run = await stack.upUntil(deployment(ns, huge), "cannot be scheduled");
    expect(run.output).toMatch(
      /waiting: 0 of 1 pod available; pod web-\S+ cannot be scheduled: .*Insufficient cpu/,
    );
    const timed = await stack.up(deployment(ns, huge, { timeout: "3s" }));
    expect(timed.code).not.toBe(0);
    expect(timed.output).toContain(`Deployment ${ns}/web: not ready within 3 s: `);
  });

  test("an image that cannot be pulled is named", async () => {
    const ns = await namespace("kp-image");
    const template = hardened(labels, "example.test/none:1");
    const unscheduled = { ...template, spec: { ...template.spec, schedulerName: "nobody" } };
    const stack = await bench.stack("image");
    const running = stack.upUntil(deployment(ns, unscheduled), "cannot be pulled");
    const pod = await until(async () =>
      textAt(
        listAt(await bench.get(`/api/v1/namespaces/${ns}/pods`), "items")[0],
        "metadata",
        "name",
      ),
    );
    const waiting = {
      reason: "ImagePullBackOff",
      message: 'Back-off pulling image "example.test/none:1"',
    };
    await bench.edit(`/api/v1/namespaces/${ns}/pods/${pod}/status`, {
      status: {
        containerStatuses: [
          {
            name: "main",
            image: "example.test/none:1",
            imageID: "",
            ready: false,
            restartCount: 0,
            state: { waiting },
          },
        ],
      },
    });
    const run = await running;
    expect(run.code).not.toBe(0);
    expect(run.output).toContain(
      `image example.test/none:1 cannot be pulled for container main of pod ${pod} (ImagePullBackOff)`,
    );
  });

  test("a Job that fails ends the wait with its reason, one that completes is done", async () => {
    const ns = await namespace("kp-job");
    const program =
      (schedulerName: string, annotations: Record<string, string> = {}): Program =>
      () => {
        const template = hardened({ app: "once" }, "example.test/once:1");
        new Job("once", {
          metadata: { name: "once", namespace: ns, annotations },
          spec: {
            backoffLimit: 0,
            template: {
              ...template,
              spec: { ...template.spec, restartPolicy: "Never", schedulerName },
            },
          },
        });
      };
    const stack = await bench.stack("job");
    const running = stack.up(program("nobody"));
    const pod = await until(async () =>
      textAt(
        listAt(await bench.get(`/api/v1/namespaces/${ns}/pods`), "items")[0],
        "metadata",
        "name",
      ),
    );
    await bench.edit(`/api/v1/namespaces/${ns}/pods/${pod}/status`, {
      status: { phase: "Failed" },
    });
    const failed = await running;
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain("the Job failed (BackoffLimitExceeded)");
    // As it is it stays failed; with the annotation it is made anew, and so is a changed one, for its template is immutable.
    const again = await stack.up(program("nobody"));
    expect(again.output).toContain("the Job failed (BackoffLimitExceeded)");
    const anew = await stack.upUntil(
      program("nobody", { "pulumi.com/replaceUnready": "true" }),
      "waiting: 0 of 1 completion",
    );
    expect(anew.steps).toContain("replace Job once");
    const mended = await stack.up(program("default-scheduler"));
    expect(mended.steps).toContain("replace Job once");
    expect(mended.code).toBe(0);
  });
});

describe("what is refused", () => {
  test("an object of somebody else is not adopted, neither in preview nor in an update, unless forced", async () => {
    const ns = await namespace("kp-foreign");
    await bench.post(`/api/v1/namespaces/${ns}/configmaps`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c" },
      data: { other: "1" },
    });
    const program =
      (annotations?: Record<string, string>): Program =>
      () => {
        new ConfigMap("c", {
          metadata: { name: "c", namespace: ns, ...(annotations ? { annotations } : {}) },
          data: { ours: "1" },
        });
      };
    const stack = await bench.stack("foreign");
    for (const run of [await stack.preview(program()), await stack.up(program())]) {
      expect(run.code).not.toBe(0);
      expect(run.output).toContain(
        `ConfigMap ${ns}/c exists already and is not managed by this stack (managed by fairway)`,
      );
    }
    expect(objectAt(await bench.get(`/api/v1/namespaces/${ns}/configmaps/c`), "data")).toEqual({
      other: "1",
    });
    const forced = await stack.up(program({ "pulumi.com/patchForce": "true" }));
    expect(forced.code).toBe(0);
    expect(objectAt(await bench.get(`/api/v1/namespaces/${ns}/configmaps/c`), "data")).toEqual({
      other: "1",
      ours: "1",
    });
  });

  test("a resource that state forgot is adopted by its own manager", async () => {
    const ns = await namespace("kp-forgotten");
    const program: Program = () =>
      void new ConfigMap("c", { metadata: { name: "c", namespace: ns }, data: { ours: "1" } });
    const stack = await bench.stack("forgotten");
    await stack.up(program);
    const uid = textAt(await bench.get(`/api/v1/namespaces/${ns}/configmaps/c`), "metadata", "uid");
    await stack.restore(EMPTY);
    const again = await stack.up(program);
    expect(again.code).toBe(0);
    expect(again.steps).toEqual(["create ConfigMap c"]);
    expect(
      textAt(await bench.get(`/api/v1/namespaces/${ns}/configmaps/c`), "metadata", "uid"),
    ).toBe(uid);
  });

  test("an object that somebody deleted and made anew is left alone, one of ours is not", async () => {
    const ns = await namespace("kp-anew");
    const path = `/api/v1/namespaces/${ns}/configmaps/c`;
    const program: Program = () =>
      void new ConfigMap("c", { metadata: { name: "c", namespace: ns }, data: { ours: "1" } });
    const stack = await bench.stack("anew");
    await stack.up(program);
    await bench.client.request({ method: "DELETE", path });
    await bench.post(`/api/v1/namespaces/${ns}/configmaps`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c" },
      data: { other: "1" },
    });
    const destroyed = await stack.destroy();
    expect(destroyed.code).toBe(0);
    expect(destroyed.diagnostics).toContain(
      `ConfigMap ${ns}/c was deleted, and made anew by somebody else: it is left alone`,
    );
    expect(objectAt(await bench.get(path), "data")).toEqual({ other: "1" });

    // Ours, of another life: state from before it was deleted and created again.
    await bench.client.request({ method: "DELETE", path });
    await stack.up(program);
    const before = stack.state();
    await stack.destroy();
    await stack.up(program);
    await stack.restore(before);
    expect((await stack.destroy()).code).toBe(0);
    expect(await bench.get(path)).toBeUndefined();
  });

  test("invalid input and unknown fields fail the preview with the field", async () => {
    const ns = await namespace("kp-invalid");
    const stack = await bench.stack("invalid");
    const invalid = await stack.preview(
      deployment(ns, { metadata: { labels: { app: "other" } }, spec: bare.spec }),
    );
    expect(invalid.code).not.toBe(0);
    expect(invalid.output).toContain(
      `Deployment ${ns}/web is invalid: spec.template.metadata.labels`,
    );
    const unknown = await stack.preview(
      deployment(ns, { ...bare, spec: { ...bare.spec, replicaz: 1 } }),
    );
    expect(unknown.code).not.toBe(0);
    expect(unknown.output).toContain(
      `Deployment ${ns}/web is invalid: spec.template.spec.replicaz: field not declared in schema`,
    );
  });

  test("List and Patch kinds are refused with the way out", async () => {
    const stack = await bench.stack("kinds");
    const list = await stack.preview(() => void new ConfigMapList("l", { items: [] }));
    expect(list.output).toContain(
      "ConfigMapList is not supported: declare each object of the list as a resource of its own",
    );
    const patch = await stack.preview(
      () => void new DeploymentPatch("p", { metadata: { name: "x" } }),
    );
    expect(patch.output).toContain(
      "DeploymentPatch is not supported: declare the Deployment itself",
    );
  });
});

/** The first result that is not empty, tried for up to a minute or as many milliseconds. */
async function until(ask: () => Promise<string>, limit = 60_000): Promise<string> {
  const end = Date.now() + limit;
  for (;;) {
    const found = await ask();
    if (found || Date.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
