import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import type { ConfigMapArgs } from "@pulumi/kubernetes/core/v1/configMap.js";
import { describe, expect, it } from "vitest";
import { recordProgram } from "../../stacks/record/record.ts";
import { FairwayComponent, type Transform } from "./component.ts";

class Sample extends FairwayComponent {
  constructor(name: string, transform?: Transform<ConfigMapArgs>, aliases: string[] = []) {
    super("fairway:test:Sample", name, { aliases: aliases.map((alias) => ({ name: alias })) });
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
});
