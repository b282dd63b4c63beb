import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../json.ts";
import { claim } from "./claim.ts";
import { deployment } from "./deployment.ts";
import { statefulSet } from "./stateful-set.ts";
import { isOver } from "./wait.ts";
import { waiterOf } from "./waiters.ts";

const judge = (apiVersion: string, kind: string, object: JsonObject): string => {
  const full: JsonObject = { apiVersion, kind, ...object };
  const verdict = waiterOf(full)?.judge(full);
  return verdict ? `${verdict.state} ${verdict.reason}`.trim() : "not waited for";
};
const condition = (type: string, status: string, extra: JsonObject = {}): JsonObject => ({
  conditions: [{ type, status, ...extra }],
});

describe("when an object is ready", () => {
  test.each<[string, string, JsonObject, string]>([
    [
      "apps/v1",
      "Deployment",
      {
        metadata: { generation: 2 },
        spec: { replicas: 2 },
        status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
      },
      "waiting its controller has not seen the change yet",
    ],
    [
      "apps/v1",
      "Deployment",
      {
        metadata: { generation: 1 },
        spec: { replicas: 2 },
        status: { observedGeneration: 1, replicas: 3, updatedReplicas: 2, availableReplicas: 3 },
      },
      "waiting 1 old pod still to end",
    ],
    [
      "apps/v1",
      "Deployment",
      {
        spec: { replicas: 2 },
        status: { replicas: 2, updatedReplicas: 2, availableReplicas: 1, observedGeneration: 0 },
      },
      "waiting 1 of 2 pods available",
    ],
    [
      "apps/v1",
      "Deployment",
      {
        spec: { replicas: 2 },
        status: { replicas: 2, updatedReplicas: 2, availableReplicas: 2, observedGeneration: 0 },
      },
      "ready",
    ],
    [
      "apps/v1",
      "Deployment",
      { spec: { replicas: 0 }, status: { observedGeneration: 0 } },
      "ready",
    ],
    [
      "apps/v1",
      "Deployment",
      {
        spec: {},
        status: {
          observedGeneration: 0,
          ...condition("Progressing", "False", { reason: "ProgressDeadlineExceeded" }),
        },
      },
      "failed no progress within its progressDeadlineSeconds",
    ],
    [
      "apps/v1",
      "StatefulSet",
      { spec: { replicas: 3 }, status: { observedGeneration: 0, replicas: 3, readyReplicas: 2 } },
      "waiting 2 of 3 pods ready",
    ],
    [
      "apps/v1",
      "StatefulSet",
      {
        spec: { replicas: 1 },
        status: {
          observedGeneration: 0,
          replicas: 1,
          readyReplicas: 1,
          updatedReplicas: 0,
          currentRevision: "a",
          updateRevision: "b",
        },
      },
      "waiting 0 of 1 pod updated",
    ],
    [
      "apps/v1",
      "StatefulSet",
      {
        spec: { replicas: 1 },
        status: {
          observedGeneration: 0,
          replicas: 1,
          readyReplicas: 1,
          updatedReplicas: 1,
          currentRevision: "b",
          updateRevision: "b",
        },
      },
      "ready",
    ],
    [
      "apps/v1",
      "StatefulSet",
      {
        spec: { replicas: 2, updateStrategy: { rollingUpdate: { partition: 1 } } },
        status: {
          observedGeneration: 0,
          replicas: 2,
          readyReplicas: 2,
          updatedReplicas: 1,
          currentRevision: "a",
          updateRevision: "b",
        },
      },
      "ready",
    ],
    [
      "apps/v1",
      "DaemonSet",
      {
        status: {
          observedGeneration: 0,
          desiredNumberScheduled: 2,
          updatedNumberScheduled: 2,
          numberAvailable: 1,
        },
      },
      "waiting 1 of 2 pods available",
    ],
    ["batch/v1", "Job", { status: condition("Complete", "True") }, "ready"],
    [
      "batch/v1",
      "Job",
      { status: condition("Failed", "True", { reason: "BackoffLimitExceeded", message: "m" }) },
      "failed the Job failed (BackoffLimitExceeded): m",
    ],
    [
      "batch/v1",
      "Job",
      { spec: { completions: 3 }, status: { succeeded: 1 } },
      "waiting 1 of 3 completions",
    ],
    ["batch/v1", "Job", { spec: { suspend: true } }, "ready"],
    ["batch/v1", "CronJob", {}, "not waited for"],
    [
      "v1",
      "Service",
      { spec: { type: "LoadBalancer" } },
      "waiting no address from the load balancer yet",
    ],
    [
      "v1",
      "Service",
      {
        spec: { type: "LoadBalancer" },
        status: { loadBalancer: { ingress: [{ ip: "1.1.1.1" }] } },
      },
      "ready",
    ],
    ["v1", "Service", { spec: { clusterIP: "None" } }, "ready"],
    [
      "networking.k8s.io/v1",
      "Ingress",
      { spec: { ingressClassName: "nginx" } },
      "waiting no address from the ingress controller of class nginx yet",
    ],
    [
      "networking.k8s.io/v1",
      "Ingress",
      { status: { loadBalancer: { ingress: [{ hostname: "h" }] } } },
      "ready",
    ],
    [
      "v1",
      "PersistentVolumeClaim",
      { status: { phase: "Pending" } },
      "waiting no volume is bound yet",
    ],
    ["v1", "PersistentVolumeClaim", { status: { phase: "Bound" } }, "ready"],
    ["v1", "PersistentVolumeClaim", { status: { phase: "Lost" } }, "failed its volume is lost"],
    [
      "v1",
      "ResourceQuota",
      { spec: { hard: { pods: "20" } }, status: { hard: { pods: "10" }, used: { pods: "1" } } },
      "waiting its controller has not counted what is there yet",
    ],
    [
      "v1",
      "ResourceQuota",
      { spec: { hard: { pods: "20" } }, status: { hard: { pods: "20" }, used: { pods: "1" } } },
      "ready",
    ],
    ["v1", "Namespace", { status: { phase: "Active" } }, "ready"],
    ["v1", "Pod", { status: { phase: "Succeeded" } }, "ready"],
    ["v1", "Pod", { status: { phase: "Running", ...condition("Ready", "True") } }, "ready"],
    ["v1", "Pod", { status: { phase: "Pending" } }, "waiting its phase is Pending"],
    [
      "v1",
      "Pod",
      { metadata: { name: "p" }, status: { phase: "Failed", reason: "Evicted" } },
      "failed pod p failed: Evicted",
    ],
    [
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      { status: condition("Established", "True") },
      "ready",
    ],
    [
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      { status: condition("NamesAccepted", "False", { message: "taken" }) },
      "failed its names are taken: taken",
    ],
    ["v1", "ConfigMap", {}, "not waited for"],
  ])("%s %s %#", (apiVersion, kind, object, expected) => {
    expect(judge(apiVersion, kind, object)).toBe(expected);
  });

  test("annotations decide first: not at all, or for a condition or a value", () => {
    const annotated = (annotations: JsonObject, status: JsonObject = {}) =>
      judge("example.test/v1", "Widget", { metadata: { annotations }, status });
    expect(
      judge("apps/v1", "Deployment", {
        metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
      }),
    ).toBe("not waited for");
    expect(annotated({})).toBe("not waited for");
    expect(annotated({ "pulumi.com/waitFor": "condition=Ready" })).toBe(
      "waiting condition=Ready does not hold yet",
    );
    expect(annotated({ "pulumi.com/waitFor": "condition=Ready" }, condition("Ready", "True"))).toBe(
      "ready",
    );
    expect(
      annotated({ "pulumi.com/waitFor": "condition=Ready=False" }, condition("Ready", "False")),
    ).toBe("ready");
    expect(
      annotated({ "pulumi.com/waitFor": "jsonpath={.status.phase}=Up" }, { phase: "Up" }),
    ).toBe("ready");
    expect(
      annotated(
        { "pulumi.com/waitFor": "jsonpath={.status.items[0].ip}" },
        { items: [{ ip: "x" }] },
      ),
    ).toBe("ready");
    expect(
      annotated({ "pulumi.com/waitFor": '["condition=A", "condition=B"]' }, condition("A", "True")),
    ).toBe("waiting condition=B does not hold yet");
    expect(annotated({ "pulumi.com/waitFor": "nonsense" })).toBe("not waited for");
  });
});

describe("why an object is stuck", () => {
  const owner = { ownerReferences: [{ uid: "d" }] };
  const object: JsonObject = {
    metadata: { uid: "d", annotations: { "deployment.kubernetes.io/revision": "2" } },
  };
  const set = (revision: string, message: string): Json => ({
    metadata: {
      ...owner,
      uid: `rs${revision}`,
      annotations: { "deployment.kubernetes.io/revision": revision },
    },
    status: message ? condition("ReplicaFailure", "True", { message }) : {},
  });
  const pending = (uid: string): Json => ({
    metadata: { name: "p", ownerReferences: [{ uid }] },
    status: condition("PodScheduled", "False", { reason: "Unschedulable", message: "no node" }),
  });

  test("only the ReplicaSet of the Deployment's own revision speaks: the condition of an older one is stale", () => {
    expect(
      deployment.explain?.(object, [[set("1", "violates PodSecurity"), set("2", "")], []]),
    ).toBeUndefined();
    expect(
      deployment.explain?.(object, [[set("1", ""), set("2", "violates PodSecurity")], []]),
    ).toMatchObject({ kind: "admission" });
    expect(
      deployment.explain?.(object, [[set("2", "")], [pending("rs1"), pending("rs2")]]),
    ).toMatchObject({ kind: "unschedulable" });
    expect(deployment.explain?.(object, [[set("2", "")], [pending("rs1")]])).toBeUndefined();
  });

  test("a StatefulSet speaks through its pods and its events", () => {
    expect(statefulSet.explain?.(object, [[pending("d")], []])).toMatchObject({
      kind: "unschedulable",
    });
    expect(statefulSet.explain?.(object, [[pending("other")], []])).toBeUndefined();
  });

  test("a claim whose class waits for a consumer is ready", () => {
    expect(claim.explain?.({}, [[], [{ volumeBindingMode: "WaitForFirstConsumer" }]])).toBe(
      "ready",
    );
    expect(claim.explain?.({}, [[], [{ volumeBindingMode: "Immediate" }]])).toBeUndefined();
  });
});

describe("giving up", () => {
  const waiting = { state: "waiting", reason: "" } as const;
  const failed = { state: "failed", reason: "" } as const;
  const trouble = (kind: "admission" | "quota" | "unschedulable" | "crash", since: number) => ({
    kind,
    text: "",
    since,
  });

  test("never happens within two seconds, then at once for a failure or an admission refusal", () => {
    expect(isOver(failed, undefined, 1_999, 0)).toBe(false);
    expect(isOver(failed, undefined, 2_000, 0)).toBe(true);
    expect(isOver(waiting, trouble("admission", 300), 1_999, 1_999)).toBe(false);
    expect(isOver(waiting, trouble("admission", 300), 2_300, 2_300)).toBe(true);
  });

  test("a quota has half a minute, what may heal by itself has until the time-out", () => {
    expect(isOver(waiting, trouble("quota", 1_000), 20_000, 20_000)).toBe(false);
    expect(isOver(waiting, trouble("quota", 1_000), 29_100, 29_100)).toBe(true);
    expect(isOver(waiting, trouble("unschedulable", 0), 500_000, 500_000)).toBe(false);
    expect(isOver(waiting, trouble("crash", 0), 500_000, 500_000)).toBe(false);
    expect(isOver(waiting, undefined, 500_000, 500_000)).toBe(false);
  });
});
