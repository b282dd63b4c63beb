import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../../stacks/providers/kubernetes/harness.ts";
import { at } from "../../stacks/providers/kubernetes/json.ts";
import { Tenancy } from "../tenancy/tenancy.ts";
import { Volume } from "../volume/volume-cluster.ts";

let bench: Bench;
beforeAll(async () => void (bench = await openBench()));
afterAll(() => bench?.close());

const NAMESPACE = "renamed-component";
const labels = { "fairway.dev/service": "renamed" };
const requests = { cpu: "100m", memory: "128Mi" };

/** A program of a plain Pulumi user: walls and a volume, under a logical name that may change. */
const program = (name: string, before?: string) => () => {
  const aliases = (item: string) => ({
    aliases: before === undefined ? [] : [{ name: `${before}-${item}` }],
  });
  const walls = new Tenancy(
    `${name}-tenancy`,
    {
      namespace: NAMESPACE,
      labels,
      namespaceLabels: {},
      quota: { pods: "10" },
      limits: { requests, limits: requests },
      policies: [{ name: "default-deny", pods: {}, ingress: [], egress: [] }],
      account: { name: "renamed", pullSecrets: [] },
      access: {
        roles: { debug: [{ apiGroups: [""], resources: ["pods/log"], verbs: ["get"] }] },
        bindings: [{ name: "owner", group: "team", role: { kind: "Role", name: "debug" } }],
      },
    },
    aliases("tenancy"),
  );
  new Volume(
    `${name}-files`,
    {
      name: "files",
      namespace: NAMESPACE,
      labels,
      storage: "1Gi",
      accessMode: "ReadWriteOnce",
    },
    { dependsOn: walls, ...aliases("files") },
  );
};

test("a renamed component with an alias keeps every object; without one the engine would replace them", async () => {
  const stack = await bench.stack("renamed");
  expect((await stack.up(program("old"))).code).toBe(0);
  const uids = async () =>
    Promise.all(
      [
        `/api/v1/namespaces/${NAMESPACE}`,
        `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims/files`,
        `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}/rolebindings/owner`,
      ].map(async (path) => at(await bench.get(path), "metadata", "uid")),
    );
  const before = await uids();
  expect(before).not.toContain(undefined);

  const renamed = await stack.up(program("new", "old"));
  expect([renamed.code, renamed.steps, renamed.diagnostics]).toEqual([0, [], ""]);
  expect(await uids()).toEqual(before);
  const later = await stack.up(program("new"));
  expect([later.code, later.steps, later.diagnostics]).toEqual([0, [], ""]);

  // Told as a deletion, or refused since the objects exist: the engine promises no order.
  const forgotten = await stack.preview(program("newer"));
  expect([...forgotten.steps, forgotten.output].join("\n")).toMatch(
    /delete PersistentVolumeClaim new-files-claim|exists already and is not managed by this stack/,
  );
  expect((await stack.destroy()).code).toBe(0);
});
