import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, processStart, signalProcess, type ProcessId } from "../setup/process.ts";
import type { Layout, Settings } from "./layout.ts";

/** A part of the control plane, named as its binary. */
export type DaemonName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kwok";

/** In the order in which they start. */
export const DAEMONS: readonly DaemonName[] = [
  "etcd",
  "kube-apiserver",
  "kube-scheduler",
  "kwok",
  "kube-controller-manager",
];

/** The socket of etcd in its folder, which only its owner may enter: etcd asks nobody for a credential. */
const ETCD = "unix://etcd.sock:0";
const ETCD_PEER = "unix://etcd-peer.sock:0";
/** As a client, each part may send as much as a small machine answers. */
const BUSY = ["--kube-api-qps=500", "--kube-api-burst=1000"];

/** The arguments of every part. Paths of sockets are relative: their length is limited. */
export function argumentsOf(
  name: DaemonName,
  layout: Layout,
  settings: Settings,
  stages: string,
): string[] {
  switch (name) {
    case "etcd":
      return [
        `--data-dir=${layout.etcdData}`,
        "--unsafe-no-fsync",
        `--listen-client-urls=${ETCD}`,
        `--advertise-client-urls=${ETCD}`,
        `--listen-peer-urls=${ETCD_PEER}`,
        `--initial-advertise-peer-urls=${ETCD_PEER}`,
        `--initial-cluster=default=${ETCD_PEER}`,
        "--auto-compaction-mode=periodic",
        "--auto-compaction-retention=30m",
        "--log-level=warn",
      ];
    case "kube-apiserver":
      return [
        `--etcd-servers=${ETCD}`,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        `--secure-port=${settings.port}`,
        `--cert-dir=${layout.pki}`,
        `--token-auth-file=${layout.tokens}`,
        "--authorization-mode=RBAC",
        "--anonymous-auth=false",
        // Admission refuses privileged pods, not this flag.
        "--allow-privileged=true",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--service-account-issuer=https://kubernetes.default.svc",
        `--service-account-signing-key-file=${layout.serviceAccountKey}`,
        `--service-account-key-file=${layout.serviceAccountKey}`,
        // A loopback address is no valid endpoint of the service `kubernetes`.
        "--endpoint-reconciler-type=none",
        "--profiling=false",
      ];
    case "kube-controller-manager":
      return [
        `--kubeconfig=${layout.kubeconfig}`,
        "--secure-port=0",
        "--leader-elect=false",
        "--enable-hostpath-provisioner=true",
        `--service-account-private-key-file=${layout.serviceAccountKey}`,
        `--root-ca-file=${layout.certificate}`,
        // A laptop that slept is no reason to evict everything.
        "--node-monitor-grace-period=8760h",
        "--node-startup-grace-period=8760h",
        "--profiling=false",
        ...BUSY,
      ];
    case "kube-scheduler":
      return [
        `--kubeconfig=${layout.kubeconfig}`,
        "--secure-port=0",
        "--leader-elect=false",
        "--profiling=false",
        ...BUSY,
      ];
    case "kwok":
      return [
        `--kubeconfig=${layout.kubeconfig}`,
        `--config=${stages}`,
        "--manage-all-nodes=true",
        "--cidr=10.200.0.0/16",
        "--node-lease-duration-seconds=0",
        "--v=WARN",
      ];
  }
}

/** A part that was started, and from which binary. */
interface Daemon extends ProcessId {
  readonly binary: string;
}

/** Which process serves each part, by what was noted when it was started. */
export type Running = Partial<Record<DaemonName, Daemon>>;

/** The parts that run. */
export function readRunning(layout: Layout): Running {
  let noted: Running;
  try {
    noted = JSON.parse(readFileSync(layout.daemons, "utf8")) as Running;
  } catch {
    return {};
  }
  return Object.fromEntries(Object.entries(noted).filter(([, id]) => isAlive(id)));
}

/** The log file of a part. */
export const logOf = (layout: Layout, name: DaemonName): string => join(layout.logs, `${name}.log`);

const LOG_LIMIT = 10 * 2 ** 20;

/** Starts a part as a process of its own that outlives this one and writes to its log file only. */
export function startDaemon(
  layout: Layout,
  name: DaemonName,
  binary: string,
  args: readonly string[],
): void {
  const log = logOf(layout, name);
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT)
    renameSync(log, `${log}.1`);
  const output = openSync(log, "a", 0o600);
  const child = spawn(binary, [...args], {
    cwd: layout.dir,
    detached: true,
    stdio: ["ignore", output, output],
    // Nothing of the caller's environment: it may hold credentials.
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: layout.dir,
      TMPDIR: process.env["TMPDIR"] ?? "/tmp",
    },
  });
  child.once("error", () => undefined);
  child.unref();
  closeSync(output);
  const pid = child.pid ?? 0;
  const running: Running = {
    ...readRunning(layout),
    [name]: { pid, start: processStart(pid) ?? "", binary },
  };
  const draft = `${layout.daemons}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(running), { mode: 0o600 });
  renameSync(draft, layout.daemons);
}

const GRACE = 8_000;

/** Ends the whole control plane; etcd last, since an API server without it lingers for a minute. */
export async function endAll(layout: Layout): Promise<void> {
  const running = readRunning(layout);
  await endDaemons(
    running,
    DAEMONS.filter((name) => name !== "etcd"),
  );
  await endDaemons(running, ["etcd"]);
}

/** Ends parts and waits until they are gone: asked first, killed after eight seconds. */
async function endDaemons(running: Running, names: readonly DaemonName[]): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      const id = running[name];
      if (!id || !signalProcess(id, "SIGTERM")) return;
      const limit = performance.now() + GRACE;
      while (isAlive(id) && performance.now() < limit) await sleep(25);
      while (signalProcess(id, "SIGKILL")) await sleep(25);
    }),
  );
}

/** The last lines of a part's log. */
export function logTail(layout: Layout, name: DaemonName, lines = 5): string {
  try {
    return readFileSync(logOf(layout, name), "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "";
  }
}
