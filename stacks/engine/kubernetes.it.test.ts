import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlanItem } from "../contract/plan.ts";
import { openBackend } from "../state/backend.ts";
import { readCheckpoint } from "../state/checkpoint.ts";
import { LOCAL } from "./testing/environment.ts";
import { type TestedCluster, openCluster } from "./testing/cluster.ts";
import { type Setting, locksOf, openSetting, planOf } from "./testing/setting.ts";

let setting: Setting;
let cluster: TestedCluster;
let kubeconfig: string;
beforeAll(async () => {
  cluster = await openCluster();
  ({ kubeconfig } = cluster);
  setting = await openSetting("stacks/engine/testing/kubernetes-worker.ts");
});
afterAll(async () => {
  await cluster?.deleteNamespace("engine-it");
  cluster?.close();
  await setting?.close();
});

const names = async (path: string) =>
  (await cluster.objects(path)).map(({ metadata }) => metadata.name);
const plan = (items: Readonly<Record<string, PlanItem["args"]>>) =>
  planOf("it.local", items, { namespace: "engine-it" });
const first = plan({
  app: { image: "registry.example.com/app:1" },
  settings: { text: "planted-secret" },
});

describe("a stack on the cluster", () => {
  test("is created, ready, and then unchanged", async () => {
    const run = await setting.run("up", [first], { kubeconfig });
    expect(run.stacks[0]?.problems).toEqual([]);
    const objects = run.stacks[0]?.changes.filter(({ type }) => !type.startsWith("pulumi:"));
    expect(objects?.map(({ op, id }) => `${op} ${id}`).sort()).toEqual([
      "create engine-it",
      "create engine-it/app",
      "create engine-it/settings",
    ]);
    expect(await names("/api/v1/namespaces/engine-it/configmaps")).toContain("settings");
    const again = await setting.run("up", [first], { kubeconfig });
    expect(again.stacks[0]?.changes.filter(({ op }) => op !== "same")).toEqual([]);
  });

  test("shows the changed field of the one object that changes, and no secret", async () => {
    const changed = plan({
      app: { image: "registry.example.com/app:2" },
      settings: { text: "planted-secret-2" },
    });
    const run = await setting.run("preview", [changed], { kubeconfig });
    const changes = run.stacks[0]?.changes.filter(({ op }) => op !== "same");
    expect(changes?.map(({ op, id, fields }) => ({ op, id, fields }))).toEqual([
      {
        op: "update",
        id: "engine-it/app",
        fields: [
          {
            path: "spec.template.spec.containers[0].image",
            old: "registry.example.com/app:1",
            new: "registry.example.com/app:2",
            secret: false,
            replaces: false,
          },
        ],
      },
      {
        op: "update",
        id: "engine-it/settings",
        fields: [{ path: "data.text", secret: true, replaces: false }],
      },
    ]);
    const runs = join(setting.root, ".fairway/runs");
    const kept = readdirSync(runs, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith("l"),
    );
    for (const file of kept)
      expect(readFileSync(join(runs, file), "utf8")).not.toContain("planted-secret");
    expect(JSON.stringify(run)).not.toContain("planted-secret");
  });

  test("names the resource that the cluster refuses", async () => {
    const refused = plan({ "Not-A-Name": { text: "x" } });
    const run = await setting.run("preview", [refused], { kubeconfig });
    expect(run.stacks[0]).toMatchObject({ status: "failed", problems: [{ code: "FW5010" }] });
    expect(run.stacks[0]?.problems[0]?.message).toMatch(
      /^kubernetes:core\/v1:ConfigMap Not-A-Name: /,
    );
    expect(run.exit).toBe(1);
  });

  test("reports drift with exit 5 and writes nothing", async () => {
    await cluster.patch("/api/v1/namespaces/engine-it/configmaps/settings", {
      data: { text: "edited by hand" },
    });
    const run = await setting.run("refresh", [first], { kubeconfig });
    expect(run.stacks[0]?.problems).toEqual([]);
    expect(run.stacks[0]?.changes.filter(({ op }) => op !== "same").map(({ id }) => id)).toEqual([
      "engine-it/settings",
    ]);
    expect(run.exit).toBe(5);
  });

  test("tells why it waits, and cancels in order while it does", async () => {
    const stuck = plan({ app: { image: "registry.example.com/app:3", cpu: "5000" } });
    const cancel = new AbortController();
    const reasons: string[] = [];
    const run = await setting.run("up", [stuck], {
      kubeconfig,
      signal: cancel.signal,
      onProgress({ waiting }) {
        if (waiting !== undefined) reasons.push(waiting);
        if (waiting?.includes("cpu")) cancel.abort();
      },
    });
    expect(reasons).toContainEqual(expect.stringMatching(/Insufficient cpu/));
    expect(run.stacks[0]).toMatchObject({ status: "cancelled", problems: [{ code: "FW5016" }] });
    expect(run.exit).toBe(130);
    const folder = openBackend(setting.root, LOCAL).folder!;
    expect(locksOf(folder, "it.local")).toEqual([]);
    expect(readCheckpoint(folder, "it.local")?.pending).toEqual([]);
    const mended = await setting.run("up", [first], { kubeconfig });
    expect(mended.stacks[0]).toMatchObject({ status: "succeeded", problems: [] });
  });

  test("is destroyed without a remainder", async () => {
    const run = await setting.run("destroy", [first], { kubeconfig });
    expect(run.stacks[0]).toMatchObject({ status: "succeeded", problems: [] });
    expect(await names("/api/v1/namespaces")).not.toContain("engine-it");
  });
});
