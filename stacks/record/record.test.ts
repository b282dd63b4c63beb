import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { type Output, output, secret } from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import type { PlanPatch } from "../contract/plan.ts";
import { FairwayError } from "../contract/problem.ts";
import { item, planOf, tenancy, workload } from "./testing.ts";
import { SECRET, UNKNOWN } from "./monitor.ts";
import { record, recordProgram } from "./record.ts";

const plan = planOf([tenancy, workload("web-service")]);
const patch: PlanPatch = {
  kind: "Deployment",
  merge: { spec: { paused: true } },
  origin: { from: "descriptor", file: "services/shop/service.yaml", path: "spec.patches.0" },
};

describe("record", () => {
  it("gives every registration under the URN that the engine gives it", async () => {
    const prefix = "urn:pulumi:shop.local::fairway::";
    expect((await record(plan)).map((view) => view.urn.slice(prefix.length))).toEqual([
      "fairway:tenancy:Tenancy$kubernetes:core/v1:LimitRange::shop-tenancy-limits",
      "fairway:tenancy:Tenancy$kubernetes:core/v1:Namespace::shop-tenancy-namespace",
      "fairway:tenancy:Tenancy$kubernetes:core/v1:ResourceQuota::shop-tenancy-quota",
      "fairway:tenancy:Tenancy$kubernetes:networking.k8s.io/v1:NetworkPolicy::shop-tenancy-policy-default-deny",
      "fairway:tenancy:Tenancy::shop-tenancy",
      "fairway:workload:WebService$kubernetes:apps/v1:Deployment::shop-workload-deployment",
      "fairway:workload:WebService::shop-workload",
      "pulumi:providers:kubernetes::cluster",
      "pulumi:pulumi:Stack::fairway-shop.local",
    ]);
  });

  it("configures the provider with what is stable and nothing that is secret", async () => {
    const views = await record(plan, { kubernetes: { context: "kind" } });
    expect(views.find((view) => view.name === "cluster")?.props).toEqual({
      enableServerSideApply: "true",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
      clusterIdentifier: "local",
      context: "kind",
    });
  });

  it("keeps the surroundings' kubeconfig out of the state", async () => {
    vi.stubEnv("KUBECONFIG", "/home/somebody/.kube/config");
    try {
      const views = await record(plan);
      expect(views.find((view) => view.name === "cluster")?.props).not.toHaveProperty("kubeconfig");
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("keeps simultaneous records apart", async () => {
    const other = planOf([tenancy], { stack: "other.dev", name: "other", environment: "dev" });
    const [a, b, c] = await Promise.all([record(plan), record(other), record(plan)]);
    expect(a).toEqual(c);
    expect(b?.every((view) => view.urn.startsWith("urn:pulumi:other.dev::"))).toBe(true);
  });

  it("says that what only the server gives is unknown", async () => {
    const views = await recordProgram("x.local", async () => {
      const first = new ConfigMap("first", { metadata: { name: "a" }, data: { a: "1" } });
      new ConfigMap("second", {
        data: { uid: first.metadata.uid, id: first.id, a: first.data["a"]! },
      });
    });
    expect(views.find((view) => view.name === "second")?.props["data"]).toEqual({
      uid: UNKNOWN,
      id: UNKNOWN,
      a: "1",
    });
  });

  it("shows no secret", async () => {
    const views = await recordProgram("x.local", async () => {
      new ConfigMap("open", {
        data: { a: "1", b: secret("hunter2"), c: secret(output("hunter2")) },
      });
    });
    expect(views.find((view) => view.name === "open")?.props["data"]).toEqual({
      a: "1",
      b: SECRET,
      c: SECRET,
    });
  });
});

describe("a program", () => {
  it("applies the descriptor's patches", async () => {
    const views = await record({ ...plan, patches: [patch] });
    expect(views.find((view) => view.props["kind"] === "Deployment")?.props["spec"]).toMatchObject({
      paused: true,
    });
  });

  it("fails for a patch that matches nothing", async () => {
    const failure = await record({ ...plan, patches: [{ ...patch, name: "nobody" }] }).catch(
      (error: unknown) => error,
    );
    expect(FairwayError.is(failure) && failure.problems).toMatchObject([
      { code: "FW3090", path: "spec.patches.0" },
    ]);
  });

  it("fails for a component that nobody builds", async () => {
    await expect(record(planOf([item("x", "teleporter", {})]))).rejects.toThrow("teleporter");
  });

  it("restores stack traces, also when it fails", async () => {
    const limit = Error.stackTraceLimit;
    await record(planOf([item("x", "teleporter", {})])).catch(() => undefined);
    await record(plan);
    expect(Error.stackTraceLimit).toBe(limit);
  });

  it("counts outputs of a stack without state as unknown, and reads the others", async () => {
    const items = [
      item("db", "shared-reference", { stack: "shared-postgres.local" }),
      item("r", "route", {
        name: "r",
        namespace: "shop",
        labels: {},
        annotations: {},
        ingressClass: "x",
        host: { $template: [{ ref: "db", output: "host", secret: false }] },
        path: "/",
        service: { name: "shop", port: 80 },
      }),
    ];
    const references = async (sharedStacks: readonly string[]) => {
      const views = await record(planOf(items), { sharedStacks: new Set(sharedStacks) });
      expect(views.find((view) => view.props["kind"] === "Ingress")?.props["spec"]).toMatchObject({
        rules: [{ host: UNKNOWN }],
      });
      return views
        .filter((view) => view.type === "pulumi:pulumi:StackReference")
        .map((view) => view.props);
    };
    expect(await references([])).toEqual([]);
    expect(await references(["shared-postgres.local"])).toEqual([
      { name: "organization/fairway/shared-postgres.local" },
    ]);
  });

  it("gives the digest of its plan and the plan's outputs", async () => {
    let outputs: Record<string, Output<string>> = {};
    await recordProgram("shop.local", async () => {
      const { program } = await import("../program/program.ts");
      const more = { outputs: { url: { value: "http://shop", secret: false } } };
      const context = { key: new Uint8Array(32), sharedStacks: new Set<string>(), kubernetes: {} };
      outputs = await program(planOf([tenancy], more), context);
    });
    const values = await new Promise((resolve) => output(outputs).apply(resolve));
    expect(values).toEqual({ digest: "d".repeat(64), url: "http://shop" });
  });
});
