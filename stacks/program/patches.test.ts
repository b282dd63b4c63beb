import type { ResourceTransformationArgs } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { PlanPatch } from "../contract/plan.ts";
import { patcher } from "./patches.ts";

const origin = {
  from: "descriptor",
  file: "services/a/service.yaml",
  path: "spec.patches.0",
} as const;
const patch = (more: Partial<PlanPatch>): PlanPatch => ({
  kind: "Deployment",
  merge: { spec: { paused: true } },
  origin,
  ...more,
});
const object = (kind: string, name: string) =>
  ({
    type: "kubernetes:x:y",
    name,
    opts: {},
    props: { kind, metadata: { name }, spec: { replicas: 1 } },
  }) as unknown as ResourceTransformationArgs;

describe("patches of the descriptor", () => {
  it("merge into every object of their kind", () => {
    const { transformation, unmatched } = patcher([patch({})]);
    expect(transformation(object("Deployment", "a"))?.props["spec"]).toEqual({
      replicas: 1,
      paused: true,
    });
    expect(transformation(object("Service", "a"))).toBeUndefined();
    expect(unmatched()).toEqual([]);
  });

  it("merge into the named object only, in order", () => {
    const { transformation } = patcher([
      patch({ name: "a", merge: { spec: { replicas: 2 } } }),
      patch({ name: "a", merge: { spec: { replicas: null } } }),
    ]);
    expect(transformation(object("Deployment", "a"))?.props["spec"]).toEqual({});
    expect(transformation(object("Deployment", "b"))).toBeUndefined();
  });

  it("do not touch what has no kind: components and other packages' resources", () => {
    const component = { ...object("Deployment", "a"), props: { bucket: "x" } };
    expect(patcher([patch({})]).transformation(component)).toBeUndefined();
  });

  it("fails where they match nothing, at the descriptor's place, naming what there is", () => {
    const { transformation, unmatched } = patcher([patch({ kind: "Deploymnet", name: "a" })]);
    transformation(object("Deployment", "a"));
    transformation(object("Service", "a"));
    expect(unmatched()).toMatchObject([
      {
        code: "FW3090",
        message: "the patch of Deploymnet a matches no generated object",
        file: origin.file,
        path: origin.path,
        hint: "the objects are: Deployment a, Service a",
      },
    ]);
  });
});
