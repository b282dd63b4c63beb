import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestApi, apiOf } from "../../tools/test/api.ts";
import { type TestRoot, testRoot } from "../../tools/test/root.ts";
import { LABELS } from "../contract/names.ts";
import { KEPT_FOR } from "../engine/keep-volumes.ts";
import { type Client, openClient } from "../providers/kubernetes/client.ts";
import { openKubeconfig } from "../providers/kubernetes/kubeconfig.ts";
import { fileBackend } from "../state/backend.ts";
import { buryStack, readTombstone, removeTombstone } from "../state/tombstone.ts";
import { readWorkspace } from "./planning.ts";
import { withClusterStore } from "./secret-store-cluster.ts";
import { contextOf } from "./testing.ts";

const ENV = ["--env", "local"];

describe.sequential("a service on the cluster", () => {
  let root: TestRoot;
  let api: TestApi;
  let client: Client;

  const write = (name: string, ...more: readonly string[]): void => rename(name, name, ...more);
  /** What was called so has another name; what it was called before stays recorded. */
  const rename = (was: string, name: string, ...more: readonly string[]): void =>
    root.write(
      `services/${was}/service.yaml`,
      [
        "apiVersion: platform.company.com/v1",
        "kind: ServiceRequest",
        "metadata:",
        `  name: ${name}`,
        ...(was === name ? [] : [`  was: [${was}]`]),
        "spec:",
        "  type: microservice",
        "  language: node",
        "  owner: shop",
        `  image: registry.example.com/${name}:1.0`,
        "  resources: { cpu: 50m, memory: 64Mi }",
        ...more,
        "",
      ].join("\n"),
    );
  /** What somebody brought to the cluster with the service's labels, of which no state knows. */
  const bring = (name: string): Promise<unknown> =>
    client.request({
      method: "POST",
      path: "/api/v1/namespaces/default/secrets",
      body: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name,
          labels: { [LABELS.service]: "till", [LABELS.environment]: "local" },
        },
      },
    });
  /** What a team brought with `fairway secret set`. */
  const keepSecret = async (service: string): Promise<void> => {
    const context = contextOf(root.folder);
    const { environments } = await readWorkspace(context);
    await withClusterStore(context, environments["local"]!, (store) =>
      store.keep({ service, name: "key", dataClass: "internal", value: "planted" }),
    );
  };
  const volumes = async (...stacks: readonly string[]) =>
    (await api.list("/api/v1/persistentvolumes")).filter(({ metadata }) =>
      stacks.includes(
        (metadata["annotations"] as Record<string, string> | undefined)?.[KEPT_FOR] ?? "",
      ),
    );
  const backend = () => fileBackend(`${root.folder}/.fairway/state`);
  const tombstone = () => readTombstone(backend(), "till.local");

  beforeAll(async () => {
    api = await apiOf();
    client = openClient(await openKubeconfig(process.env["FAIRWAY_TEST_KUBECONFIG"]!), Date.now);
    root = testRoot({
      environment: { stateful: "protect", images: { unreleased: "allow" } },
      env: { KUBECONFIG: process.env["FAIRWAY_TEST_KUBECONFIG"]! },
    });
    write("till", "  uses:", "    sales: { type: postgres }");
    write("drawer", "  consumes: [till]");
    const up = await root.json("up", "till", "drawer", ...ENV);
    expect({ exit: up.exit, problems: up.problems }).toEqual({ exit: 0, problems: [] });
  });
  afterAll(async () => {
    await root?.fairway("retire", "drawer", ...ENV, "--yes");
    for (const { metadata } of await volumes("till.local", "left.local", "right.local"))
      await client.request({
        method: "DELETE",
        path: `/api/v1/persistentvolumes/${metadata.name}`,
      });
    client?.close();
    root?.remove();
  });

  test("is not retired while another uses it: by its descriptor, and as it is deployed", async () => {
    const before = await api.snapshot(["till", "drawer"]);
    const written = await root.json("retire", "till", ...ENV, "--yes");
    expect(written.exit).toBe(4);
    expect(written.problems).toEqual([
      expect.objectContaining({
        code: "FW4021",
        message: "drawer uses till",
        file: "services/drawer/service.yaml",
        line: 11,
      }),
    ]);
    write("drawer");
    const deployed = await root.json("retire", "till", ...ENV, "--yes");
    expect(deployed.exit).toBe(4);
    expect(deployed.problems).toEqual([
      expect.objectContaining({
        code: "FW4021",
        message: "drawer.local uses till as it is deployed",
      }),
    ]);
    expect(await api.snapshot(["till", "drawer"])).toBe(before);
    const up = await root.json("up", "drawer", ...ENV);
    expect({ exit: up.exit, problems: up.problems }).toEqual({ exit: 0, problems: [] });
  });

  test("leaves no object with its label, its volumes, and a tombstone that names them", async () => {
    await bring("brought-to-till");
    await keepSecret("till");
    expect(await api.objectsOf(["till"])).toContain("Secret fairway-secrets/till.key.local");
    const retired = await root.json("retire", "till", ...ENV, "--yes");
    expect({ exit: retired.exit, problems: retired.problems }).toEqual({ exit: 0, problems: [] });
    expect(await api.objectsOf(["till"])).toEqual([]);
    const kept = await volumes("till.local");
    expect(kept.map(({ spec }) => spec?.["persistentVolumeReclaimPolicy"])).toEqual(["Retain"]);
    expect(await tombstone()).toMatchObject({
      stack: "till.local",
      ended: expect.any(String) as string,
      copies: [{ kind: "volume", name: kept[0]!.metadata.name }],
    });
    const refused = await root.json("up", "till", ...ENV);
    expect([refused.exit, refused.problems.map(({ code }) => code)]).toEqual([4, ["FW4022"]]);
    // The other one stands as it stood.
    expect(await api.objectsOf(["drawer"])).toContain("Namespace drawer");
  });

  test("that was being swept when a run broke off is swept by the next", async () => {
    const { ended: _, ...begun } = (await tombstone())!;
    await removeTombstone(backend(), "till.local");
    await buryStack(backend(), { ...begun, done: false });
    await bring("left-of-till");
    const refused = await root.json("preview", "till", ...ENV);
    expect(
      refused.problems.map(({ code, message }) => [code, message.split(" since ")[0]]),
    ).toEqual([["FW4022", "till.local is being retired"]]);
    const early = await root.json("retire", "till", ...ENV, "--forget", "--yes");
    expect(early.problems).toMatchObject([
      { code: "FW4022", hint: expect.stringContaining("again: it goes on") as string },
    ]);
    const again = await root.json("retire", "till", ...ENV, "--yes");
    expect({ exit: again.exit, problems: again.problems }).toEqual({ exit: 0, problems: [] });
    expect(await api.objectsOf(["till"])).toEqual([]);
    expect(await tombstone()).toMatchObject({
      stack: "till.local",
      copies: begun.copies,
      ended: expect.any(String) as string,
    });
  });

  test("is told by `status`, with its last copies, and may begin anew once its tombstone is taken away", async () => {
    const { copies } = (await tombstone())!;
    const status = await root.json("status", "till", ...ENV);
    expect(status.data).toMatchObject({
      stacks: [{ stack: "till.local", state: "retired", copies }],
    });
    const forget = ["retire", "till", ...ENV, "--forget"];
    const asked = await root.json(...forget);
    expect([asked.exit, asked.problems.map(({ code }) => code)]).toEqual([2, ["FW7008"]]);
    const forgotten = await root.json(...forget, "--yes");
    expect(forgotten.exit).toBe(0);
    expect(forgotten.data).toEqual({ stack: "till.local", forgotten: true, copies });
    expect(await tombstone()).toBeUndefined();
    const nothing = await root.json(...forget, "--yes");
    expect(nothing.data).toEqual({ stack: "till.local", forgotten: false, copies: [] });
    const preview = await root.json("preview", "till", ...ENV);
    expect({ exit: preview.exit, problems: preview.problems }).toEqual({ exit: 0, problems: [] });
  });

  test("whose name is another's today leaves what is the other's", async () => {
    write("left", "  uses:", "    sales: { type: postgres }");
    write("right", "  uses:", "    sales: { type: postgres }");
    const up = await root.json("up", "left", "right", ...ENV);
    expect({ exit: up.exit, problems: up.problems }).toEqual({ exit: 0, problems: [] });
    rename("left", "right", "  uses:", "    sales: { type: postgres }");
    rename("right", "left", "  uses:", "    sales: { type: postgres }");
    for (const name of ["left", "right"]) await keepSecret(name);
    const before = await api.snapshot(["left"]);
    expect(before).toContain("StatefulSet");
    const retired = await root.json("retire", "left", ...ENV, "--yes");
    expect({ exit: retired.exit, problems: retired.problems }).toEqual({ exit: 0, problems: [] });
    expect(await api.objectsOf(["right"])).toEqual([]);
    expect(await api.snapshot(["left"])).toBe(before);
    const other = await root.json("retire", "left.local", ...ENV, "--yes");
    expect({ exit: other.exit, problems: other.problems }).toEqual({ exit: 0, problems: [] });
    expect(await api.objectsOf(["left"])).toEqual([]);
  });
});
