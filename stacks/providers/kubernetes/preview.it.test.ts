import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { CustomResourceDefinition } from "@pulumi/kubernetes/apiextensions/v1/customResourceDefinition.js";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { hardened } from "./fixture.ts";
import { openBench, resourcesOf, type Bench, type Program, type Run } from "./harness.ts";
import { at, objectAt, textAt, type JsonObject } from "./json.ts";
import { UNKNOWN } from "./values.ts";

let bench: Bench;
beforeAll(async () => void (bench = await openBench()));
afterAll(async () => await bench.close());

const labels = { app: "web" };

/** Outputs that the engine saw for a resource in a run. */
function outputsOf(run: Run, name: string): JsonObject {
  const events = run.events.filter((event) =>
    textAt(event, "resOutputsEvent", "metadata", "urn").endsWith(`::${name}`),
  );
  return objectAt(events.at(-1), "resOutputsEvent", "metadata", "new", "outputs");
}

describe("a preview of what does not exist yet", () => {
  test("gives the same results whether the namespace exists or is made in the same preview", async () => {
    const program =
      (own: boolean): Program =>
      () => {
        const namespace = own
          ? new Namespace("ns", { metadata: { name: "kp-same" } }).metadata.name
          : "kp-same";
        new Deployment("web", {
          metadata: { name: "web", namespace },
          spec: {
            selector: { matchLabels: labels },
            template: hardened(labels, "example.test/web:1"),
          },
        });
        new Service("service", {
          metadata: { name: "web", namespace },
          spec: { type: "NodePort", selector: labels, ports: [{ port: 80 }] },
        });
        new StatefulSet("db", {
          metadata: { name: "db", namespace },
          spec: {
            serviceName: "db",
            selector: { matchLabels: labels },
            template: hardened(labels, "example.test/db:1"),
          },
        });
        new Job("job", {
          metadata: { name: "once", namespace },
          spec: {
            template: {
              ...hardened({ app: "once" }, "x:1"),
              spec: { ...hardened({}, "x:1").spec, restartPolicy: "Never" },
            },
          },
        });
        new Secret("secret", {
          metadata: { name: "s", namespace },
          stringData: { a: "planted-value-1" },
        });
      };
    const stack = await bench.stack("same");
    const missing = await stack.preview(program(true));
    expect(missing.code).toBe(0);
    await bench.post("/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "kp-same" },
    });
    const present = await stack.preview(program(false));
    expect(present.code).toBe(0);
    for (const name of ["web", "service", "db", "job", "secret"]) {
      expect(outputsOf(missing, name)).toEqual(outputsOf(present, name));
      expect(at(outputsOf(missing, name), "metadata", "uid")).toBe(UNKNOWN);
    }
    expect(at(outputsOf(missing, "service"), "spec", "clusterIP")).toBe(UNKNOWN);
    expect(at(outputsOf(missing, "service"), "spec", "ports", 0, "nodePort")).toBe(UNKNOWN);
    expect(at(outputsOf(missing, "web"), "spec", "replicas")).toBe(1);
    expect(at(outputsOf(missing, "web"), "status")).toBeUndefined();
    expect(JSON.stringify(outputsOf(missing, "web"))).not.toContain("fairway-dry-run");
  });

  test("still finds invalid input in a namespace that does not exist", async () => {
    const run = await (
      await bench.stack("missing")
    ).preview(() => {
      const ns = new Namespace("ns", { metadata: { name: "kp-missing" } });
      new Service("service", {
        metadata: { name: "web", namespace: ns.metadata.name },
        spec: { ports: [{ port: 99999 }] },
      });
    });
    expect(run.code).not.toBe(0);
    expect(run.output).toMatch(/Service kp-missing\/web is invalid: spec.ports\[0\].port/);
  });

  test("a custom resource is previewed before its definition exists, made after it, and updated", async () => {
    const program =
      (size: number): Program =>
      () => {
        const definition = new CustomResourceDefinition("definition", {
          metadata: { name: "widgets.kp.example.test" },
          spec: {
            group: "kp.example.test",
            scope: "Namespaced",
            names: { kind: "Widget", plural: "widgets", singular: "widget" },
            versions: [
              {
                name: "v1",
                served: true,
                storage: true,
                schema: {
                  openAPIV3Schema: {
                    type: "object",
                    properties: {
                      spec: {
                        type: "object",
                        properties: {
                          size: { type: "integer", default: 1 },
                          color: { type: "string", default: "red" },
                        },
                      },
                    },
                  },
                },
              },
            ],
          },
        });
        const waiting = { annotations: { "pulumi.com/timeoutSeconds": "30" } };
        new CustomResource(
          "widget",
          {
            apiVersion: "kp.example.test/v1",
            kind: "Widget",
            metadata: { name: "w", namespace: "default", ...waiting },
            spec: { size },
          },
          { dependsOn: definition },
        );
      };
    const stack = await bench.stack("custom");
    const preview = await stack.preview(program(1));
    expect(preview.code).toBe(0);
    expect(preview.diagnostics).toContain("does not serve Widget (kp.example.test/v1) yet");
    expect((await stack.up(program(1))).code).toBe(0);
    expect((await stack.preview(program(1))).steps).toEqual([]);
    expect((await stack.refresh(program(1), "--preview-only")).output).not.toMatch(
      /to update|to delete/,
    );
    const changed = await stack.up(program(2));
    expect(changed.steps).toEqual(["update Widget widget"]);
    expect(
      at(await bench.get("/apis/kp.example.test/v1/namespaces/default/widgets/w"), "spec"),
    ).toEqual({ size: 2, color: "red" });
    const gone = await stack.destroy();
    expect(gone.code).toBe(0);
    expect(
      await bench.get(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.kp.example.test",
      ),
    ).toBeUndefined();
  });
});

describe("unknown and secret values", () => {
  test("values of the server are unknown in preview, known afterwards, and change in place", async () => {
    const program =
      (port: number): Program =>
      () => {
        const service = new Service("service", {
          metadata: { name: "kp-values", namespace: "default" },
          spec: { selector: labels, ports: [{ port }] },
        });
        const config = new ConfigMap("config", {
          metadata: { name: "kp-values", namespace: "default" },
          data: {
            ip: service.spec.clusterIP,
            uid: service.metadata.uid,
            version: service.metadata.resourceVersion,
          },
        });
        return { ip: config.data.apply((data) => data["ip"]) };
      };
    const stack = await bench.stack("values");
    const preview = await stack.preview(program(80));
    expect(preview.code).toBe(0);
    expect(at(outputsOf(preview, "config"), "data")).toEqual({
      ip: UNKNOWN,
      uid: UNKNOWN,
      version: UNKNOWN,
    });
    expect((await stack.up(program(80))).code).toBe(0);
    const ip = textAt(
      await bench.get("/api/v1/namespaces/default/services/kp-values"),
      "spec",
      "clusterIP",
    );
    expect(
      textAt(await bench.get("/api/v1/namespaces/default/configmaps/kp-values"), "data", "ip"),
    ).toBe(ip);
    const changed = await stack.preview(program(81));
    expect(changed.steps).toEqual(["update ConfigMap config", "update Service service"]);
    expect(at(outputsOf(changed, "config"), "data")).toEqual({
      ip,
      uid: expect.any(String),
      version: UNKNOWN,
    });
    expect((await stack.up(program(81))).steps).toEqual([
      "update ConfigMap config",
      "update Service service",
    ]);
    await stack.destroy();
  });

  test("a replacement with unknown values is foreseen, and what depends on it is only updated", async () => {
    const program =
      (access: string): Program =>
      () => {
        const secret = new Secret("secret", {
          metadata: { name: "kp-cascade", namespace: "default" },
          type: access,
          stringData: { a: "planted-value-2" },
        });
        new ConfigMap("config", {
          metadata: { name: "kp-cascade", namespace: "default" },
          data: { uid: secret.metadata.uid },
        });
      };
    const stack = await bench.stack("cascade");
    await stack.up(program("Opaque"));
    const preview = await stack.preview(program("example.test/other"));
    expect(preview.code).toBe(0);
    expect(preview.steps).toEqual([
      "create-replacement Secret secret",
      "delete-replaced Secret secret",
      "replace Secret secret",
      "update ConfigMap config",
    ]);
    const run = await stack.up(program("example.test/other"));
    expect(run.code).toBe(0);
    expect(run.steps).toContain("update ConfigMap config");
    expect(run.output + preview.output).not.toContain("planted-value-2");
    await stack.destroy();
  });

  test("a secret nested in a list stays secret in inputs, outputs and errors", async () => {
    const planted = "planted-in-a-list";
    const program =
      (value: pulumi.Input<string>): Program =>
      () => {
        const template = hardened(labels, "example.test/web:1");
        const container = {
          ...template.spec.containers[0]!,
          env: [
            { name: "PLAIN", value: "visible" },
            { name: "TOKEN", value },
          ],
        };
        new Deployment("web", {
          metadata: { name: "kp-nested", namespace: "default" },
          spec: {
            selector: { matchLabels: labels },
            template: { ...template, spec: { ...template.spec, containers: [container] } },
          },
        });
      };
    const stack = await bench.stack("nested");
    const run = await stack.up(program(pulumi.secret(planted)));
    expect(run.code).toBe(0);
    expect(stack.stateText()).not.toContain(planted);
    expect(stack.stateText()).toContain("visible");
    const container = objectAt(
      resourcesOf(stack.state()).get("Deployment web"),
      "outputs",
      "spec",
      "template",
      "spec",
      "containers",
      0,
    );
    expect(textAt(container, "env", 1, "name")).toBe("TOKEN");
    expect(textAt(container, "env", 1, "value", "ciphertext")).not.toBe("");
    await stack.destroy();

    const invalid = await (
      await bench.stack("nested-invalid")
    ).preview(() => {
      new ConfigMap("config", {
        metadata: {
          name: "kp-nested",
          namespace: "default",
          labels: { bad: pulumi.secret("not a label planted!") },
        },
      });
    });
    expect(invalid.code).not.toBe(0);
    expect(invalid.output).toContain("metadata.labels");
    expect(invalid.output).not.toContain("not a label planted!");
  });
});

describe("names and places", () => {
  test("an object without a name gets one, keeps it, and is replaced without deleting first", async () => {
    const program =
      (type: string): Program =>
      () =>
        void new Secret("Auto", {
          metadata: { namespace: "default" },
          type,
          stringData: { a: "planted-value-3" },
        });
    const stack = await bench.stack("auto");
    await stack.up(program("Opaque"));
    const name = textAt(
      resourcesOf(stack.state()).get("Secret Auto"),
      "outputs",
      "metadata",
      "name",
    );
    expect(name).toMatch(/^auto-[0-9a-f]{8}$/);
    expect((await stack.preview(program("Opaque"))).steps).toEqual([]);
    const replaced = await stack.up(program("example.test/other"));
    expect(
      replaced.all.map(({ op }) => op).filter((op) => op !== "same" && op !== "replace"),
    ).toEqual(["create-replacement", "delete-replaced"]);
    expect(
      textAt(resourcesOf(stack.state()).get("Secret Auto"), "outputs", "metadata", "name"),
    ).not.toBe(name);
    await stack.destroy();
  });

  test("two providers of one engine keep their settings apart", async () => {
    for (const name of ["kp-one", "kp-two"])
      await bench.post("/api/v1/namespaces", {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name },
      });
    const program: Program = () => {
      for (const namespace of ["kp-one", "kp-two"]) {
        const provider = new Provider(namespace, { namespace, clusterIdentifier: "test" });
        new ConfigMap(
          `config-${namespace}`,
          { metadata: { name: "c" }, data: { in: namespace } },
          { provider },
        );
      }
    };
    const stack = await bench.stack("providers");
    expect((await stack.up(program)).code).toBe(0);
    for (const name of ["kp-one", "kp-two"])
      expect(textAt(await bench.get(`/api/v1/namespaces/${name}/configmaps/c`), "data", "in")).toBe(
        name,
      );
    expect((await stack.preview(program)).steps).toEqual([]);
    await stack.destroy();
  });
});
