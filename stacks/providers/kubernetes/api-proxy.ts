import http from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { AddressInfo } from "node:net";
import { openKubeconfig } from "./kubeconfig.ts";

/** What a proxy does to a request instead of, or before, passing it on. */
export interface Fault {
  /** Answered with this status and a `Status` object. */
  status?: number;
  headers?: Record<string, string>;
  /** Passed on only after so many milliseconds. */
  delay?: number;
  /** Passed on only once this is settled, whether or not the client still waits. */
  until?: Promise<unknown>;
  /** The connection is cut: before the request is passed on, or after the API server has done it. */
  cut?: "before" | "after";
}

/** A request as it came. */
export interface Seen {
  method: string;
  path: string;
  /** Counts from 0. */
  index: number;
}

/** A real HTTP server in front of a real API server; for tests of what a bad network and a busy server do. */
export interface ApiProxy {
  /** A kubeconfig, as text, that leads through the proxy. */
  kubeconfig: string;
  /** Everything asked, in order. */
  seen: Seen[];
  /** Decides about each request from now on. */
  fault(decide: (seen: Seen) => Fault | undefined): void;
  close(): Promise<void>;
}

/** Opens a proxy to the API server of a kubeconfig, with its credentials. */
export async function openApiProxy(kubeconfig: string): Promise<ApiProxy> {
  const access = await openKubeconfig(kubeconfig);
  const { headers: own, ...tls } = await access.credentials();
  const agent = new https.Agent({ keepAlive: true });
  const seen: Seen[] = [];
  let decide: (seen: Seen) => Fault | undefined = () => undefined;

  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const what: Seen = {
      method: request.method ?? "",
      path: request.url ?? "",
      index: seen.length,
    };
    seen.push(what);
    const fault = decide(what) ?? {};
    if (fault.delay) await sleep(fault.delay);
    await fault.until;
    if (fault.cut === "before") return void request.socket.destroy();
    if (fault.status) {
      response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
      return void response.end(
        JSON.stringify({
          kind: "Status",
          status: "Failure",
          code: fault.status,
          message: `made to answer ${fault.status}`,
        }),
      );
    }
    const passed = https.request(
      {
        ...tls,
        agent,
        hostname: access.server.hostname,
        port: access.server.port,
        method: what.method,
        path: what.path,
        headers: { ...own, ...request.headers, host: access.server.host },
      },
      (answer) => {
        if (fault.cut === "after") {
          answer.resume();
          return void answer.on("end", () => request.socket.destroy());
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on("error", () => response.destroy());
      },
    );
    passed.on("error", () => response.destroy());
    response.on("close", () => passed.destroy());
    passed.end(Buffer.concat(chunks));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    kubeconfig: JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "proxied",
      contexts: [{ name: "proxied", context: { cluster: "proxied", user: "proxied" } }],
      clusters: [
        {
          name: "proxied",
          cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true },
        },
      ],
      users: [{ name: "proxied", user: {} }],
    }),
    seen,
    fault: (next) => void (decide = next),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}
