import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { Workspace } from "../contract/workspace.ts";
import { type Carrier, startCarrier } from "../judge/start-carrier.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { planWorkspace } from "../plan/workspace.ts";
import { type TestedCluster, openCluster } from "./testing/cluster.ts";
import { type Setting, buildModule, openSetting } from "./testing/setting.ts";

let setting: Setting;
let cluster: TestedCluster;
let carrier: Carrier;
let workspace: Workspace;
const built = buildModule("stacks/judge/carrier.ts");
beforeAll(async () => {
  [cluster, setting, carrier, workspace] = await Promise.all([
    openCluster(),
    openSetting("stacks/engine/worker.ts"),
    startCarrier(built.module),
    loadWorkspace(checkoutRoot()),
  ]);
});
afterAll(async () => {
  await carrier?.stop();
  built.remove();
  cluster?.close();
  await setting?.close();
});

describe("user-service of the repository", () => {
  const request = () => ({
    kubeconfig: cluster.kubeconfig,
    carrier,
    environment: workspace.environments["local"]!,
  });
  /** The service's workloads without what an autoscaler changes by itself. */
  const objects = async () =>
    (
      await Promise.all(
        ["deployments", "statefulsets"].map((kind) =>
          cluster.objects(`/apis/apps/v1/namespaces/user-service/${kind}`),
        ),
      )
    )
      .flat()
      .map(({ metadata, spec }) => ({ uid: metadata.uid, template: spec?.["template"] }));
  const plans = () =>
    planWorkspace(workspace, { environments: ["local"], services: ["user-service"] }).plans;

  test("meets every mandatory rule in preview, without touching the cluster", async () => {
    const run = await setting.run("preview", plans(), request());
    expect(run.stacks.flatMap(({ problems }) => problems)).toEqual([]);
    expect(run.exit).toBe(0);
    expect(run.stacks.flatMap(({ verdicts }) => verdicts).length).toBeGreaterThan(20);
  });
  test("is deployed, ready, and unchanged by a second run", async () => {
    const run = await setting.run("up", plans(), request());
    expect(run.stacks[1]?.changes.filter(({ op }) => op === "create").length).toBeGreaterThan(20);
    expect(run.stacks.flatMap(({ problems }) => problems)).toEqual([]);
    const again = await setting.run("up", plans(), request());
    expect(
      again.stacks
        .flatMap(({ changes }) => changes)
        .filter(({ op }) => op !== "same" && op !== "read"),
    ).toEqual([]);
  });
  test("is refused by a mandatory rule before anything is touched, in preview and up", async () => {
    const before = await objects();
    expect(before.length).toBeGreaterThan(1);
    const [, service] = plans();
    const image = "elsewhere.example.net/stranger:latest";
    const containers = [{ name: "main", image, securityContext: { privileged: true } }];
    const patch = {
      kind: "Deployment",
      merge: { spec: { template: { spec: { containers } } } },
      origin: { from: "descriptor", file: service!.stack, path: "spec.patches.0" },
    } as const;
    const bad = { ...service!, patches: [patch] };
    for (const operation of ["preview", "up"] as const) {
      const run = await setting.run(operation, [bad], request());
      expect(run.exit).toBe(4);
      expect(run.stacks[0]?.status).toBe("refused");
      const refused = run.stacks[0]!.problems;
      expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(["FW4001"]));
      const text = refused.map(({ message }) => message).join("\n");
      expect(text).toMatch(/privileged/);
      expect(text).toMatch(/latest/);
      expect(text).toMatch(/elsewhere\.example\.net/);
      expect(await objects()).toEqual(before);
    }
  });
  test("is destroyed without a remainder", async () => {
    // What the environment shares stays: other tests on the same control plane stand on it.
    const services = plans().filter((plan) => plan.kind === "service");
    const run = await setting.run("destroy", services, request());
    expect(run.stacks.flatMap(({ problems }) => problems)).toEqual([]);
    const left = await cluster.objects(
      "/api/v1/namespaces?labelSelector=fairway.dev/service%3Duser-service",
    );
    expect(left).toEqual([]);
  });
});
