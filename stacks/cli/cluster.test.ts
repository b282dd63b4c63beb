import { createServer } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadWorkspace } from "../load/workspace.ts";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { withCluster } from "./cluster.ts";
import { contextOf, problemsOf } from "./testing.ts";

test("an API server that refuses or does not answer is told as such, and is no defect", async () => {
  const server = createServer((_request, response) => {
    response.statusCode = 403;
    response.end(JSON.stringify({ kind: "Status", message: "deployments is forbidden" }));
  }).listen(0, "127.0.0.1");
  const folder = mkdtempSync(join(tmpdir(), "fairway-cluster-"));
  try {
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const kubeconfig = join(folder, "kubeconfig");
    const { environments } = await loadWorkspace(checkoutRoot());
    const environment = { ...environments["dev"]!, cluster: { context: "c", kubeconfig } };
    const write = (url: string) =>
      writeFileSync(
        kubeconfig,
        JSON.stringify({
          clusters: [{ name: "c", cluster: { server: url } }],
          users: [{ name: "u", user: { token: "planted" } }],
          contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
        }),
      );
    const ask = () =>
      problemsOf(() =>
        withCluster(contextOf(folder), environment, ({ list }) => list("/apis/apps/v1/x")),
      );
    write(`http://127.0.0.1:${port}`);
    expect(await ask()).toEqual([
      "FW5901 the cluster of `dev` cannot be asked: deployments is forbidden | look at the server, the credentials and their rights, then run it again",
    ]);
    write("http://127.0.0.1:1");
    const [unreachable = ""] = await ask();
    expect(unreachable).toMatch(/^FW5901 the cluster of `dev` cannot be asked: /);
    expect(unreachable).not.toContain("planted");
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
