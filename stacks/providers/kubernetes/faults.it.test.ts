import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { freePort } from "../../../tools/cluster/layout.ts";
import { openApiProxy, type ApiProxy, type Fault, type Seen } from "./api-proxy.ts";
import { hardened } from "./fixture.ts";
import { openBench, resourcesOf, type Bench, type Program } from "./harness.ts";
import { at, listAt, textAt } from "./json.ts";

let proxy: ApiProxy;
let bench: Bench;
beforeAll(async () => {
  proxy = await openApiProxy(readFileSync(process.env["FAIRWAY_TEST_KUBECONFIG"] ?? "", "utf8"));
  bench = await openBench({ kubeconfig: proxy.kubeconfig });
});
afterAll(async () => {
  await bench.close();
  await proxy.close();
});

const labels = { app: "web" };

function program(name: string, image = "example.test/web:1"): Program {
  return () => {
    const namespace = new Namespace("ns", { metadata: { name } }).metadata.name;
    for (const i of [1, 2, 3])
      new ConfigMap(`config-${i}`, { metadata: { name: `c${i}`, namespace }, data: { image } });
    new Deployment("web", {
      metadata: { name: "web", namespace },
      spec: { selector: { matchLabels: labels }, template: hardened(labels, image) },
    });
  };
}

/** What a whole life of a stack must survive unharmed. */
const FAULTS: readonly Fault[] = [
  { status: 429, headers: { "retry-after": "1" } },
  { status: 500 },
  { status: 503 },
  { delay: 700 },
  { cut: "before" },
  { cut: "after" },
];

describe("an API server that misbehaves", () => {
  for (const turn of [0, 3]) {
    test(`throttling, errors, slowness and cut connections are waited out: nothing is lost, nothing doubled (from fault ${turn} on)`, async () => {
      const hit = new Set<string>();
      const given: Fault[] = [];
      const misbehave = ({ method, path }: Seen): Fault | undefined => {
        const key = `${method} ${path.replace(/resourceVersion=\d+/, "")}`;
        if (hit.has(key)) return undefined;
        hit.add(key);
        given.push(FAULTS[(given.length + turn) % FAULTS.length]!);
        return given.at(-1);
      };
      proxy.fault(misbehave);
      const name = `kp-fault-${turn}`;
      const stack = await bench.stack(`fault-${turn}`);
      const created = await stack.up(program(name));
      expect(created.output).toContain("6 created");
      expect(created.code).toBe(0);
      const updated = await stack.up(program(name, "example.test/web:2"));
      expect(updated.output).toContain("4 updated");
      expect(given.length).toBeGreaterThan(2 * FAULTS.length);
      proxy.fault(() => undefined);
      const configs = listAt(await bench.get(`/api/v1/namespaces/${name}/configmaps`), "items");
      expect(
        configs.filter((item) => textAt(item, "data", "image") === "example.test/web:2"),
      ).toHaveLength(3);
      expect(
        (await stack.refresh(program(name, "example.test/web:2"), "--preview-only")).output,
      ).not.toMatch(/to update|to delete/);
      proxy.fault(misbehave);
      expect((await stack.destroy()).code).toBe(0);
      proxy.fault(() => undefined);
      expect(await bench.get(`/api/v1/namespaces/${name}`)).toBeUndefined();
    });
  }

  test("one that stays overloaded ends the operation with that reason, and the next run completes it", async () => {
    proxy.fault(({ path }) => (path.includes("/configmaps/c2") ? { status: 503 } : undefined));
    const stack = await bench.stack("overloaded");
    const failed = await stack.up(program("kp-overloaded"));
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain("ConfigMap kp-overloaded/c2: made to answer 503");
    proxy.fault(() => undefined);
    const repaired = await stack.up(program("kp-overloaded"));
    expect(repaired.code).toBe(0);
    expect(repaired.steps).toContain("create ConfigMap config-2");
    expect(listAt(stack.state(), "checkpoint", "latest", "pending_operations")).toEqual([]);
    await stack.destroy();
  });
});

describe("an API server that is not there, or does not let us in", () => {
  test("an unreachable one is named with its address and context", async () => {
    const port = await freePort();
    const lost = await openBench({ kubeconfig: kubeconfig(`http://127.0.0.1:${port}`) });
    try {
      const run = await (await lost.stack("lost")).preview(program("kp-lost"));
      expect(run.code).not.toBe(0);
      expect(run.output).toContain(
        `the API server at http://127.0.0.1:${port} (context "somewhere") cannot be reached (ECONNREFUSED)`,
      );
      expect(run.milliseconds).toBeLessThan(60_000);
    } finally {
      await lost.close();
    }
  });

  test("credentials that are not accepted are named as such, without the token", async () => {
    const barred = await openBench({
      kubeconfig: kubeconfig(proxy.kubeconfig.match(/http:[^"]*/)![0], "planted-expired-token"),
    });
    try {
      const run = await (await barred.stack("barred")).preview(program("kp-barred"));
      expect(run.code).not.toBe(0);
      expect(run.output).toContain(
        'does not accept the credentials of user "somebody" of context "somewhere" (401): they are wrong, revoked or expired',
      );
      expect(run.output).not.toContain("planted-expired-token");
    } finally {
      await barred.close();
    }
  });

  test("no kubeconfig at all is said", async () => {
    const none = await openBench({ kubeconfig: "" });
    try {
      const run = await (await none.stack("none")).preview(program("kp-none"));
      expect(run.code).not.toBe(0);
      expect(run.output).toContain("no kubeconfig");
    } finally {
      await none.close();
    }
  });
});

describe("an interruption", () => {
  test("one SIGINT while waiting leaves the object in state with its reason, no pending operation and no lock", async () => {
    const stuck: Program = () => {
      const template = hardened(labels, "example.test/web:1");
      new Deployment("web", {
        metadata: { name: "kp-stuck", namespace: "default" },
        spec: {
          selector: { matchLabels: labels },
          template: { ...template, spec: { ...template.spec, schedulerName: "nobody" } },
        },
      });
    };
    const stack = await bench.stack("stuck");
    const run = await stack.upUntil(stuck, "waiting: 0 of 1 pod available");
    expect(run.ended).toBeGreaterThan(0);
    expect(run.ended).toBeLessThan(30_000);
    expect(run.code).not.toBe(0);
    expect(run.output).toContain("cancelled while waiting: 0 of 1 pod available");
    const resource = resourcesOf(stack.state()).get("Deployment web");
    expect(textAt(resource, "id")).toBe("default/kp-stuck");
    expect(listAt(resource, "initErrors")).not.toEqual([]);
    expect(listAt(stack.state(), "checkpoint", "latest", "pending_operations")).toEqual([]);
    expect(
      at(
        await bench.get("/apis/apps/v1/namespaces/default/deployments/kp-stuck"),
        "metadata",
        "name",
      ),
    ).toBe("kp-stuck");
    expect((await stack.destroy()).code).toBe(0);
  });
});

function kubeconfig(server: string, token?: string): string {
  return JSON.stringify({
    "current-context": "somewhere",
    contexts: [{ name: "somewhere", context: { cluster: "c", user: "somebody" } }],
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "somebody", user: token ? { token } : {} }],
  });
}
