import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import type { ConfigMapArgs } from "@pulumi/kubernetes/core/v1/configMap.js";
import { type Alias, type ComponentResourceOptions, output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { recordProgram } from "../../stacks/record/record.ts";
import { FairwayComponent, type Transform } from "./component.ts";

class Sample extends FairwayComponent {
  constructor(name: string, transform?: Transform<ConfigMapArgs>, opts?: ComponentResourceOptions) {
    super("fairway:test:Sample", name, opts);
    this.child("config", ConfigMap, { metadata: { name: "x" }, data: { a: "1" } }, transform);
    this.registerOutputs({});
  }
}

const config = async (transform?: Transform<ConfigMapArgs>) => {
  const views = await recordProgram("test.local", async () => {
    new Sample("shop", transform);
  });
  return views.find((view) => view.type === "kubernetes:core/v1:ConfigMap");
};

describe("component", () => {
  it("names children after itself and owns them", async () => {
    expect(await config()).toMatchObject({
      urn: "urn:pulumi:test.local::fairway::fairway:test:Sample$kubernetes:core/v1:ConfigMap::shop-config",
      name: "shop-config",
      parent: "urn:pulumi:test.local::fairway::fairway:test:Sample::shop",
    });
  });

  it("lets a merge patch change a child's arguments", async () => {
    const view = await config({ data: { a: null, b: "2" } });
    expect(view?.props["data"]).toEqual({ b: "2" });
  });

  it("lets a function change a child's arguments", async () => {
    const view = await config((args, name) => ({ ...args, data: { name } }));
    expect(view?.props["data"]).toEqual({ name: "shop-config" });
  });

  it("hands the aliases of its caller to the engine", async () => {
    const seen: Record<string, readonly (Alias | string)[]> = {};
    await recordProgram("test.local", async () => {
      new Sample("store", undefined, {
        aliases: [{ name: "shop" }],
        transformations: [
          ({ name, resource }) => {
            // What the SDK made of the parent's alias; the engine matches old state by it.
            queueMicrotask(() => {
              const { __aliases } = resource as unknown as { __aliases: readonly string[] };
              seen[name] = __aliases;
            });
            return undefined;
          },
        ],
      });
    });
    const urns = await Promise.all(
      (seen["store"] ?? []).map((alias) => new Promise((done) => output(alias).apply(done))),
    );
    expect(urns).toEqual(["urn:pulumi:test.local::fairway::fairway:test:Sample::shop"]);
  });
});
