import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResourceView } from "../stacks/contract/finding.ts";
import { loadWorkspace } from "../stacks/load/workspace.ts";
import { planWorkspace } from "../stacks/plan/workspace.ts";
import { type Client, openClient } from "../stacks/providers/kubernetes/client.ts";
import {
  type Discovery,
  identityOf,
  openDiscovery,
} from "../stacks/providers/kubernetes/discovery.ts";
import type { JsonObject } from "../stacks/providers/kubernetes/json.ts";
import { openKubeconfig } from "../stacks/providers/kubernetes/kubeconfig.ts";
import { waiterOf } from "../stacks/providers/kubernetes/ready/waiters.ts";
import { record, recordProgram } from "../stacks/record/record.ts";
import { type TestCluster, startTestCluster } from "../tools/cluster/test-cluster.ts";
import { checkoutRoot } from "../tools/setup/checkout.ts";

/** What is created for good, in the order of need. */
const WALLS = {
  platform: () => import("./platform/examples/platform.ts"),
  tenancy: () => import("./tenancy/examples/tenancy.ts"),
  route: () => import("./route/examples/route.ts"),
  monitoring: () => import("./monitoring/examples/monitoring.ts"),
};
/** What is only asked about: all of these have the same names. */
const WORKLOADS = {
  "web-service": () => import("./workload/examples/web-service.ts"),
  worker: () => import("./workload/examples/worker.ts"),
  "scaled-worker": () => import("./workload/examples/scaled-worker.ts"),
  stateful: () => import("./workload/examples/stateful.ts"),
  job: () => import("./workload/examples/job.ts"),
  "scheduled-job": () => import("./workload/examples/scheduled-job.ts"),
};

/** The Kubernetes objects among what was registered, namespaces first; a Secret's data, which is blinded, is left out. */
function objects(views: readonly ResourceView[]): JsonObject[] {
  return (
    views
      // What is only read has no kind.
      .filter(({ type, props }) => type.startsWith("kubernetes:") && props["kind"] !== undefined)
      .map(({ props }) => {
        // Without its type too: some types demand data.
        const { data, stringData, type, ...rest } = props;
        return (
          rest["kind"] === "Secret" ? rest : { ...rest, data, stringData, type }
        ) as JsonObject;
      })
      .sort((a, b) => Number(b["kind"] === "Namespace") - Number(a["kind"] === "Namespace"))
  );
}

interface PodTemplate {
  readonly metadata: JsonObject;
  readonly spec: {
    readonly containers: readonly JsonObject[];
    readonly volumes: readonly JsonObject[];
  };
}
interface Pod extends PodTemplate {
  readonly kind: "Pod";
}
interface PodMaker {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec?: {
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

/** The pod that an object would make, so that admission judges it now and not its controller later. */
function podOf(object: JsonObject): Pod | undefined {
  const { spec, metadata } = object as unknown as PodMaker;
  const template = spec?.template ?? spec?.jobTemplate?.spec.template;
  if (template === undefined) return undefined;
  const claims = (spec?.volumeClaimTemplates ?? []).map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: `${name}-${metadata.name}-0` },
  }));
  return {
    kind: "Pod",
    metadata: { ...template.metadata, name: `${metadata.name}-0`, namespace: metadata.namespace },
    spec: { ...template.spec, volumes: [...template.spec.volumes, ...claims] },
  };
}

const asObject = (pod: Pod): JsonObject => ({ apiVersion: "v1", ...pod }) as unknown as JsonObject;

const ADMITTED = { admitted: true, warnings: [] };

describe("a real API server that enforces restricted pods", () => {
  let cluster: TestCluster;
  let client: Client;
  let discovery: Discovery;
  /** Pods that were admitted, by example: an example's module runs once. */
  const seen = new Map<string, Pod>();

  beforeAll(async () => {
    // Its own: what an environment's platform shares cannot be named after a test.
    cluster = await startTestCluster();
    client = openClient(await openKubeconfig(cluster.kubeconfig), Date.now);
    discovery = openDiscovery(client);
  });
  afterAll(async () => {
    client?.close();
    await cluster?.stop();
  });

  const apply = async (body: JsonObject, query: Record<string, string> = {}) => {
    // A custom kind is served a moment after its definition was accepted.
    const target = await expect
      .poll(() => discovery.find(identityOf(body)), {
        timeout: 120_000,
        message: JSON.stringify(identityOf(body)),
      })
      .toBeDefined()
      .then(() => discovery.find(identityOf(body)));
    const { status, warnings } = await client.request({
      method: "PATCH",
      type: "application/apply-patch+yaml",
      path: target!.path,
      query: { fieldValidation: "Strict", fieldManager: "test", force: "true", ...query },
      body,
    });
    if (body["kind"] === "ResourceQuota" && !query["dryRun"]) await counted(target!.path);
    return { admitted: status < 300, warnings };
  };

  /** No pod is let in before its namespace's quota was counted. */
  const counted = async (path: string): Promise<void> =>
    await expect
      .poll(
        async () => {
          const { body } = await client.request({ method: "GET", path });
          return waiterOf(body)?.judge(body).state;
        },
        { timeout: 240_000 },
      )
      .toBe("ready");

  it("admits everything that every example registers, and every pod it leads to", async () => {
    for (const [name, body] of Object.entries(WALLS))
      for (const object of objects(await recordProgram(`${name}.local`, body)))
        expect(await apply(object)).toEqual(ADMITTED);
    for (const [name, body] of Object.entries(WORKLOADS)) {
      const registered = objects(await recordProgram(`${name}.local`, body));
      const pods = registered.flatMap((object) => podOf(object) ?? []);
      expect(pods).toHaveLength(1);
      seen.set(name, pods[0]!);
      for (const object of [...registered, ...pods.map(asObject)])
        expect(await apply(object, { dryRun: "All" })).toEqual(ADMITTED);
    }
  });

  it("admits every stack of the example services, drivers and all", async () => {
    const workspace = await loadWorkspace(checkoutRoot());
    const { plans } = planWorkspace(workspace, { environments: ["local"] });
    const failures: string[] = [];
    let pods = 0;
    for (const plan of plans) {
      const registered = objects(await record(plan));
      const made = registered.flatMap((object) => podOf(object) ?? []);
      pods += made.length;
      for (const object of [...registered, ...made.map(asObject)]) {
        const dryRun: Record<string, string> = object["kind"] === "Pod" ? { dryRun: "All" } : {};
        const answer = await apply(object, dryRun).catch((error: Error) => error.message);
        if (JSON.stringify(answer) !== JSON.stringify(ADMITTED))
          failures.push(`${plan.stack} ${String(object["kind"])}: ${JSON.stringify(answer)}`);
      }
    }
    expect(failures).toEqual([]);
    expect(pods).toBeGreaterThan(plans.length);
  });

  it("fails to admit the same pod with privileges: the walls are real", async () => {
    const pod = seen.get("worker");
    const containers = pod!.spec.containers.map((container) => ({
      ...container,
      securityContext: { privileged: true },
    }));
    await expect(
      apply(asObject({ ...pod!, spec: { ...pod!.spec, containers } }), { dryRun: "All" }),
    ).rejects.toThrow(/violates PodSecurity "restricted/);
  });
});
