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
}, 600_000);
afterAll(async () => {
  await carrier?.stop();
  built.remove();
  cluster?.close();
  await setting?.close();
});

describe("user-service of the repository", { timeout: 300_000 }, () => {
  const request = () => ({
    kubeconfig: cluster.kubeconfig,
    carrier,
    environment: workspace.environments["local"]!,
  });
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
    expect(run.stacks.flatMap(({ problems }) => problems)).toEqual([]);
    const again = await setting.run("up", plans(), request());
    expect(
      again.stacks
        .flatMap(({ changes }) => changes)
        .filter(({ op }) => op !== "same" && op !== "read"),
    ).toEqual([]);
  });
  test("is destroyed without a remainder", async () => {
    const run = await setting.run("destroy", plans(), request());
    expect(run.stacks.flatMap(({ problems }) => problems)).toEqual([]);
    const left = await cluster.objects("/api/v1/namespaces?labelSelector=fairway.dev/service");
    expect(left).toEqual([]);
  });
});
