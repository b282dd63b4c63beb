import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "../../stacks/contract/problem.ts";
import { checkoutRoot } from "../setup/checkout.ts";
import { withLock } from "../setup/lock.ts";
import { obtainTool, type Tool } from "../setup/tool.ts";
import { GO_TOOLS } from "../setup/versions.ts";
import type { Work } from "../setup/work.ts";
import { ask, OBJECTS } from "./api.ts";
import {
  argumentsOf,
  DAEMONS,
  endAll,
  logOf,
  logTail,
  readRunning,
  startDaemon,
  type DaemonName,
} from "./daemons.ts";
import {
  dropOldCertificate,
  isFree,
  layoutOf,
  prepare,
  readSettings,
  writeKubeconfig,
  type Layout,
  type Settings,
} from "./layout.ts";

/** A control plane that answers. */
export interface Cluster {
  readonly dir: string;
  /** Path of a kubeconfig that holds everything itself; 0600. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:PORT`. */
  readonly server: string;
  /** Of Kubernetes, without `v`. */
  readonly version: string;
  /** Parts that this call started; none where all ran already. */
  readonly started: readonly DaemonName[];
}

/** What is known of a control plane without changing anything. */
export interface ClusterStatus {
  /** `absent`: never made. `partial`: a part is down, or the API server does not answer; a start mends both. */
  readonly state: "running" | "partial" | "stopped" | "absent";
  readonly parts: readonly {
    readonly name: DaemonName;
    readonly pid: number | undefined;
    readonly log: string;
  }[];
  readonly server: string | undefined;
  readonly kubeconfig: string;
  readonly version: string;
}

const READY_MS = 180_000;
const PORT_MS = 3_000;
const POLL = 40;
const VERSION = GO_TOOLS.cluster.version;

/** The local control plane of this checkout; it serves every root. */
const defaultClusterDir = (): string => join(checkoutRoot(), ".fairway/cluster");

/** Where the kubeconfig of the control plane in `dir` is, whether it runs or not. */
export const kubeconfigPath = (dir: string = defaultClusterDir()): string =>
  layoutOf(dir).kubeconfig;

/**
 * Makes the control plane in `dir` answer: builds its binaries where the cache lacks them, makes keys and settings the
 * first time, starts the parts that are down on the same port and data, and returns when pods can be scheduled.
 * @throws FW8005 where a part ends or does not become ready within three minutes; FW8006 where its port is taken; FW8002 to FW8004 as obtainTool.
 */
export async function startCluster(
  options: { readonly dir?: string } & Work = {},
): Promise<Cluster> {
  const layout = layoutOf(options.dir ?? defaultClusterDir());
  const tool = await obtainTool("cluster", options);
  const waiting = (owner: { pid: number }): void =>
    options.progress?.(`waiting for process ${owner.pid}, which is starting or ending it`);
  return withLock(layout.lock, () => start(layout, tool, options), {
    waiting,
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

async function start(layout: Layout, tool: Tool, { progress, signal }: Work): Promise<Cluster> {
  const settings = await prepare(layout);
  const cluster = (started: readonly DaemonName[]): Cluster => ({
    dir: layout.dir,
    kubeconfig: layout.kubeconfig,
    server: serverOf(settings),
    version: VERSION,
    started,
  });
  if (
    Object.entries(readRunning(layout)).some(([name, daemon]) => daemon.binary !== tool.bin[name])
  ) {
    progress?.("ending a control plane of another version");
    await endAll(layout);
  }
  const running = readRunning(layout);
  const down = DAEMONS.filter((name) => !running[name]);
  if (down.length === 0 && (await isReady(layout, settings))) return cluster([]);

  if (down.includes("kube-apiserver")) {
    dropOldCertificate(layout, Date.now());
    // The kernel may hold the port of a killed server for a moment.
    for (
      const limit = performance.now() + PORT_MS;
      !(await isFree(settings.port));
      await sleep(POLL)
    ) {
      if (performance.now() > limit)
        fail(
          "FW8006",
          `port ${settings.port} of the control plane in ${shown(layout.dir)} is used by another program`,
        );
    }
  }
  const expected = new Set(DAEMONS.filter((name) => running[name]));
  const begin = (name: DaemonName): void => {
    expected.add(name);
    if (!running[name])
      startDaemon(layout, name, tool.bin[name]!, argumentsOf(name, layout, settings, STAGES()));
  };
  const until = async (what: string, done: () => Promise<boolean>): Promise<void> => {
    const limit = performance.now() + READY_MS;
    while (!(await done())) {
      signal?.throwIfAborted();
      const alive = readRunning(layout);
      const ended = [...expected].find((name) => !alive[name]);
      if (ended)
        fail("FW8005", `${ended} ended:\n${logTail(layout, ended)}`, {
          hint: `read ${shown(logOf(layout, ended))}`,
        });
      if (performance.now() > limit) {
        fail("FW8005", `the API server did not ${what} within ${READY_MS / 1000} s`, {
          hint: `read ${shown(logOf(layout, "kube-apiserver"))}`,
        });
      }
      await sleep(POLL);
    }
  };

  progress?.(`starting ${down.join(", ")}`);
  begin("etcd");
  begin("kube-apiserver");
  await until("answer", async () => (await ask(layout, settings, "/livez/ping")).status === 200);
  writeKubeconfig(layout, settings);
  begin("kube-scheduler");
  begin("kwok");
  progress?.("waiting until the API server is ready");
  await until("become ready", async () => (await ask(layout, settings, "/readyz")).status === 200);
  // It waits ten seconds for a healthy API server and then ends, which a slow machine needs longer for.
  begin("kube-controller-manager");
  for (const { path, object } of OBJECTS) {
    await until(`accept ${path}`, async () =>
      [200, 201].includes((await ask(layout, settings, path, object)).status),
    );
  }
  progress?.("waiting until pods can be scheduled");
  await until("have a ready node", () => isReady(layout, settings));
  return cluster(down);
}

/** Ends the control plane in `dir`; its data, port and credential stay. Nothing happens where none runs. */
export async function stopCluster(dir: string = defaultClusterDir()): Promise<void> {
  const layout = layoutOf(dir);
  if (existsSync(layout.dir)) await withLock(layout.lock, () => endAll(layout));
}

/** Ends the control plane in `dir` and removes everything of it. */
export async function removeCluster(dir: string = defaultClusterDir()): Promise<void> {
  await stopCluster(dir);
  rmSync(dir, { recursive: true, force: true });
}

/** What is known of the control plane in `dir`. Changes nothing. */
export async function clusterStatus(dir: string = defaultClusterDir()): Promise<ClusterStatus> {
  const layout = layoutOf(dir);
  const settings = readSettings(layout);
  const running = readRunning(layout);
  const parts = DAEMONS.map((name) => ({
    name,
    pid: running[name]?.pid,
    log: logOf(layout, name),
  }));
  const up = parts.filter((part) => part.pid !== undefined).length;
  const state = !settings
    ? "absent"
    : up === 0
      ? "stopped"
      : up === DAEMONS.length && (await isReady(layout, settings))
        ? "running"
        : "partial";
  return {
    state,
    parts,
    server: settings && serverOf(settings),
    kubeconfig: layout.kubeconfig,
    version: VERSION,
  };
}

const STAGES = (): string => join(checkoutRoot(), "tools/cluster/stages.yaml");

const serverOf = (settings: Settings): string => `https://127.0.0.1:${settings.port}`;

/** A path as a reader at the prompt would write it. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near || ".";
}

async function isReady(layout: Layout, settings: Settings): Promise<boolean> {
  const [ready, node, account] = await Promise.all(
    ["/readyz", "/api/v1/nodes/local", "/api/v1/namespaces/default/serviceaccounts/default"].map(
      (path) => ask(layout, settings, path),
    ),
  );
  return (
    ready!.status === 200 &&
    account!.status === 200 &&
    node!.status === 200 &&
    takesPods(node!.body)
  );
}

/** Whether a node is ready and holds no taint. */
function takesPods(body: string): boolean {
  const node = JSON.parse(body) as {
    spec?: { taints?: unknown[] };
    status?: { conditions?: { type: string; status: string }[] };
  };
  const ready = node.status?.conditions?.some(
    (condition) => condition.type === "Ready" && condition.status === "True",
  );
  return ready === true && (node.spec?.taints ?? []).length === 0;
}
