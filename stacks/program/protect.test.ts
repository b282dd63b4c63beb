import type { ResourceTransformationArgs } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { keyOfUrn, protector } from "./protect.ts";

const URN = "urn:pulumi:a.b::fairway::fairway:s:S$kubernetes:apps/v1:StatefulSet::x";
const optionsOf = (type: string, lifted: readonly string[] = []) =>
  protector(new Set(lifted.map(keyOfUrn)))({
    type,
    name: "x",
    props: {},
    opts: {},
  } as unknown as ResourceTransformationArgs)?.opts;

describe("protection of data", () => {
  it("holds for what would lose it", () => {
    for (const type of [
      "kubernetes:core/v1:PersistentVolumeClaim",
      "kubernetes:apps/v1:StatefulSet",
      "kubernetes:core/v1:Namespace",
      "aws:rds/instance:Instance",
      "aws:s3/bucket:Bucket",
    ])
      expect(optionsOf(type)).toEqual({ protect: true });
  });

  it("does not hold for what comes and goes beside it", () => {
    for (const type of ["core/v1:Service", "batch/v1:Job", "core/v1:Secret"])
      expect(optionsOf(`kubernetes:${type}`)).toBeUndefined();
  });

  it("is lifted from the one resource that may go", () => {
    expect(optionsOf("kubernetes:apps/v1:StatefulSet", [URN])).toBeUndefined();
    expect(optionsOf("kubernetes:core/v1:Namespace", [URN])).toEqual({ protect: true });
  });
});
