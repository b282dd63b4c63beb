import { readFileSync } from "node:fs";
import { request } from "node:https";
import type { Layout, Settings } from "./layout.ts";

/** An answer of the API server. */
export interface Answer {
  /** HTTP status; 0 where nothing answered. */
  readonly status: number;
  readonly body: string;
}

/** Asks the local API server as administrator. Never throws: what does not answer has the status 0. */
export function ask(
  layout: Layout,
  settings: Settings,
  path: string,
  apply?: object,
): Promise<Answer> {
  return new Promise((done) => {
    let authority: Buffer;
    try {
      authority = readFileSync(layout.certificate);
    } catch {
      done({ status: 0, body: "" });
      return;
    }
    const call = request(
      {
        host: "127.0.0.1",
        port: settings.port,
        path: apply ? `${path}?fieldManager=fairway-cluster&force=true` : path,
        method: apply ? "PATCH" : "GET",
        ca: authority,
        timeout: 5_000,
        headers: {
          authorization: `Bearer ${settings.token}`,
          ...(apply ? { "content-type": "application/apply-patch+yaml" } : {}),
        },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("close", () =>
          done({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    call.once("timeout", () => call.destroy());
    call.once("error", () => done({ status: 0, body: "" }));
    call.end(apply ? JSON.stringify(apply) : undefined);
  });
}

/** What every control plane of ours holds from the start: a node that takes all pods, and storage for all claims. */
export const OBJECTS: readonly { readonly path: string; readonly object: object }[] = [
  {
    path: "/api/v1/nodes/local",
    object: {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: "local",
        labels: {
          "kubernetes.io/hostname": "local",
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": "amd64",
          "topology.kubernetes.io/zone": "local",
          "topology.kubernetes.io/region": "local",
        },
      },
    },
  },
  {
    path: "/apis/storage.k8s.io/v1/storageclasses/standard",
    object: {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: {
        name: "standard",
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
      provisioner: "kubernetes.io/host-path",
      reclaimPolicy: "Delete",
      volumeBindingMode: "Immediate",
    },
  },
];
