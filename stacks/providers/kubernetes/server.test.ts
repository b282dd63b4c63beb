import { createRequire } from "node:module";
import { credentials } from "@grpc/grpc-js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, describe, expect, test } from "vitest";
import { diffConfig } from "./diff-answer.ts";
import { serveKubernetes } from "./server.ts";
import { SDK_VERSION } from "./version.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function connect() {
  const server = await serveKubernetes();
  const client = new service.ResourceProviderClient(
    `127.0.0.1:${server.port}`,
    credentials.createInsecure(),
  );
  closing.push(() => client.close(), server.close);
  return client;
}

/** The error or the answer of a call. */
function ask<Q, A>(
  call: (request: Q, done: (error: Error | null, answer: A) => void) => unknown,
  request: Q,
): Promise<A> {
  return new Promise(
    (resolve, reject) =>
      void call(request, (error, answer) => (error ? reject(error) : resolve(answer))),
  );
}

describe("the server", () => {
  test("serves the version of the installed SDK", async () => {
    const installed = createRequire(import.meta.url)("@pulumi/kubernetes/package.json") as {
      version: string;
    };
    expect(SDK_VERSION).toBe(installed.version);
    const client = await connect();
    const info = await ask(
      (
        request: empty.Empty,
        done: (error: Error | null, answer: { getVersion(): string }) => void,
      ) => client.getPluginInfo(request, done),
      new empty.Empty(),
    );
    expect(info.getVersion()).toBe(installed.version);
  });

  test("fails calls of a peer that was never configured", async () => {
    const client = await connect();
    const create = (
      request: proto.CreateRequest,
      done: (error: Error | null, answer: proto.CreateResponse) => void,
    ) => client.create(request, done);
    await expect(ask(create, new proto.CreateRequest())).rejects.toThrow("never configured");
  });

  test("fails functions and components with the way out", async () => {
    const client = await connect();
    const invoke = (
      request: proto.InvokeRequest,
      done: (error: Error | null, answer: proto.InvokeResponse) => void,
    ) => client.invoke(request, done);
    await expect(ask(invoke, new proto.InvokeRequest())).rejects.toThrow(
      "declare the objects themselves",
    );
  });
});

describe("a change of the provider's settings", () => {
  const kubeconfig = (server: string, token = "t"): string =>
    JSON.stringify({
      "current-context": "x",
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server } }],
      users: [{ name: "u", user: { token } }],
    });
  const replaces = async (old: Record<string, string>, now: Record<string, string>) => {
    const request = new proto.DiffRequest();
    request.setOlds(struct.Struct.fromJavaScript(old));
    request.setNews(struct.Struct.fromJavaScript(now));
    return (await diffConfig(request)).getReplacesList();
  };

  test("replaces everything for another cluster, and nothing for other credentials", async () => {
    expect(
      await replaces(
        { kubeconfig: kubeconfig("https://a.test") },
        { kubeconfig: kubeconfig("https://b.test") },
      ),
    ).toEqual(["kubeconfig"]);
    expect(
      await replaces(
        { kubeconfig: kubeconfig("https://a.test") },
        { kubeconfig: kubeconfig("https://a.test", "new") },
      ),
    ).toEqual([]);
    expect(await replaces({}, { kubeconfig: kubeconfig("https://a.test") })).toEqual([]);
  });

  test("goes by the cluster's identifier where there is one", async () => {
    const [a, b] = [kubeconfig("https://a.test"), kubeconfig("https://b.test")];
    expect(
      await replaces(
        { kubeconfig: a, clusterIdentifier: "one" },
        { kubeconfig: b, clusterIdentifier: "one" },
      ),
    ).toEqual([]);
    expect(
      await replaces(
        { kubeconfig: a, clusterIdentifier: "one" },
        { kubeconfig: a, clusterIdentifier: "two" },
      ),
    ).toEqual(["clusterIdentifier"]);
    expect(await replaces({ kubeconfig: a }, { kubeconfig: b, clusterIdentifier: "one" })).toEqual(
      [],
    );
  });
});
