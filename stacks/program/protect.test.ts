import type { ResourceTransformationArgs } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { protector } from "./protect.ts";

const optionsOf = (type: string) =>
  protector({ type, name: "x", props: {}, opts: {} } as unknown as ResourceTransformationArgs)
    ?.opts;

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
});
