import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkoutRoot } from "../setup/checkout.ts";
import { isAlive, processStart, signalProcess, type ProcessId } from "../setup/process.ts";
import { clusterStatus, startCluster, stopCluster } from "./cluster.ts";
import { guardedFolder } from "./test-cluster.ts";

describe("a control plane", () => {
  let dir: string;
  let remove: () => Promise<void>;
  beforeEach(() => void ({ dir, remove } = guardedFolder()));
  afterEach(() => remove());

  const kill = async (name: string): Promise<void> => {
    const pid = (await clusterStatus(dir)).parts.find((part) => part.name === name)!.pid!;
    signalProcess({ pid, start: processStart(pid) ?? "" }, "SIGKILL");
    while (processStart(pid)) await sleep(10);
  };

  test("starts once for two at once, and nothing the second time", async () => {
    const [one, two] = await Promise.all([startCluster({ dir }), startCluster({ dir })]);
    expect([one.started.length, two.started.length].sort()).toEqual([0, 5]);
    expect((await startCluster({ dir })).started).toEqual([]);
    expect((await clusterStatus(dir)).state).toBe("running");
  });

  test("gets back what was killed, on the same port with the same credential", async () => {
    const first = await startCluster({ dir });
    const config = readFileSync(first.kubeconfig, "utf8");
    for (const parts of [["etcd", "kube-scheduler"], ["kube-apiserver"]] as const) {
      for (const part of parts) await kill(part);
      expect((await clusterStatus(dir)).state).toBe("partial");
      expect((await startCluster({ dir })).started).toEqual(parts);
    }
    await stopCluster(dir);
    expect((await clusterStatus(dir)).state).toBe("stopped");
    const again = await startCluster({ dir });
    expect(again.server).toBe(first.server);
    expect(readFileSync(again.kubeconfig, "utf8")).toBe(config);
  });

  test("is ended by its watchdog when its owner dies", async () => {
    await startCluster({ dir });
    const daemons = Object.values(
      JSON.parse(readFileSync(join(dir, "daemons.json"), "utf8")) as Record<string, ProcessId>,
    );
    const owner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], {
      stdio: "ignore",
    });
    const watchdog = spawn(
      process.execPath,
      [join(checkoutRoot(), "tools/cluster/watchdog.mjs"), String(owner.pid), dir],
      { stdio: "ignore" },
    );
    const ended = new Promise((done) => watchdog.once("exit", done));
    await sleep(200);
    expect(daemons.every(isAlive)).toBe(true);
    owner.kill("SIGKILL");
    await ended;
    while (daemons.some(isAlive)) await sleep(20);
    expect(existsSync(dir)).toBe(false);
  });
});
