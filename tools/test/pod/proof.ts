import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Json } from "../../../stacks/contract/value.ts";
import { type ServerName, obtainServer } from "../../servers/server.ts";
import { type Ended, type Place, type Running, run, startContainer } from "./container.ts";
import { type Probe, objectOf, podOf } from "./kubernetes.ts";
import { openNetwork } from "./network.ts";
import { type Driven, drive } from "./objects.ts";

/** A driver's server as it would run in a cluster, and clients beside it. */
export interface Proof {
  /** Objects and outputs for params; also what the following calls use. */
  drive(params?: Readonly<Record<string, Json>>): Promise<Driven>;
  /** Starts the StatefulSet's pod and waits until its startup and readiness probes answer. */
  start(): Promise<Running>;
  /** Loses the machine while the pod first starts: as soon as a path is there, everything is killed. */
  interrupt(path: string): Promise<void>;
  /** Runs the pod of the Job that changes the password to its end. */
  rotate(): Promise<Ended>;
  /** Runs a client in the pods' network with this machine's files; it knows the hosts by name. */
  client(
    command: readonly string[],
    options?: {
      env?: Readonly<Record<string, string>>;
      stdin?: string;
      /** Default 60. */
      timeoutSeconds?: number;
    },
  ): Promise<Ended>;
  /** Asks a probe once. */
  probe(
    running: Running,
    kind: "startupProbe" | "readinessProbe" | "livenessProbe",
  ): Promise<boolean>;
  close(): Promise<void>;
}

/** Prepares a proof of a driver against a real server. Close it, even when it failed. */
export async function prove(driver: string, serverName: ServerName): Promise<Proof> {
  const server = await obtainServer(serverName);
  const network = await openNetwork();
  const folder = mkdtempSync(join(tmpdir(), "fairway-proof-"));
  const started: Running[] = [];
  let driven: Driven | undefined;
  const current = (): Driven => {
    if (!driven) throw new Error("drive first");
    return driven;
  };
  const place = (names: readonly string[]): Place => ({
    network,
    folder,
    server,
    names,
    objects: current().objects,
  });
  /** What the cluster's DNS answers for the driver's Services. */
  const names = (): string[] =>
    current()
      .objects.filter(({ kind }) => kind === "Service")
      .map(({ metadata }) => `${metadata.name}.${metadata.namespace}.svc`);
  const pod = () => podOf(objectOf(current().objects, "StatefulSet")).spec;

  const client: Proof["client"] = async (command, { env = {}, stdin, timeoutSeconds } = {}) => {
    const hosts = join(folder, "hosts");
    writeFileSync(hosts, ["localhost", ...names()].map((name) => `127.0.0.1 ${name}\n`).join(""));
    return run(
      [
        ...network.enter,
        "unshare",
        "--mount",
        "--",
        "sh",
        "-c",
        `mount --make-rprivate / && mount --bind '${hosts}' /etc/hosts && exec "$@"`,
        "client",
        ...command,
      ],
      {
        env: { PATH: process.env["PATH"] ?? "", ...server.env, ...env },
        ...(stdin !== undefined && { stdin }),
        ...(timeoutSeconds !== undefined && { timeoutSeconds }),
      },
    );
  };
  const probe: Proof["probe"] = async (running, kind) => {
    const [container] = pod().containers;
    const asked: Probe = container[kind] ?? {};
    if (asked.exec) return (await running.exec(asked.exec.command)).code === 0;
    // The kubelet asks from outside, at the pod's address.
    const script = asked.httpGet
      ? `fetch("http://127.0.0.1:${asked.httpGet.port}${asked.httpGet.path}").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`
      : `require("node:net").connect(${asked.tcpSocket?.port}, "127.0.0.1").on("connect", () => process.exit(0)).on("error", () => process.exit(1))`;
    return (await client([process.execPath, "-e", script])).code === 0;
  };
  const launch = async (): Promise<Running> => {
    const { name } = objectOf(current().objects, "StatefulSet").metadata;
    const running = await startContainer(place([]), `${name}-0`, pod());
    started.push(running);
    return running;
  };
  return {
    async drive(params) {
      driven = await drive(driver, params);
      return driven;
    },
    async interrupt(path) {
      const running = await launch();
      const seen = async (): Promise<boolean> =>
        (await running.exec(["sh", "-c", `until [ -e '${path}' ]; do sleep .01; done`], 240))
          .code === 0;
      // The first ones may come before the container's root is in place.
      for (let tries = 0; !(await seen()); tries++) {
        if (tries > 300) throw new Error(`${driver} makes no ${path}:\n${running.log()}`);
        await sleep(20);
      }
      await running.kill();
    },
    async start() {
      const running = await launch();
      let over = false;
      void running.ended.then(() => (over = true));
      for (const kind of ["startupProbe", "readinessProbe", "livenessProbe"] as const)
        for (let tries = 0; !(await probe(running, kind)); tries++) {
          if (over || tries > 300) throw new Error(`${driver} is not ready:\n${running.log()}`);
          await sleep(300);
        }
      return running;
    },
    async rotate() {
      const job = objectOf(current().objects, "Job");
      const running = await startContainer(
        place(names()),
        `${job.metadata.name}-abcde`,
        podOf(job).spec,
      );
      started.push(running);
      return running.ended;
    },
    client,
    probe,
    async close() {
      await Promise.all(started.map((running) => running.kill()));
      await network.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
