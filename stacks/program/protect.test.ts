import type { ResourceTransformationArgs } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { protectData } from "./protect.ts";

const protectedBy = (type: string) =>
  protectData({ type, name: "x", props: {}, opts: {} } as unknown as ResourceTransformationArgs)
    ?.opts;

describe("protection of data", () => {
  it("holds for what would lose it", () => {
    for (const type of [
      "core/v1:PersistentVolumeClaim",
      "apps/v1:StatefulSet",
      "core/v1:Namespace",
    ])
      expect(protectedBy(`kubernetes:${type}`)).toEqual({ protect: true });
  });

  it("does not hold for what comes and goes beside it", () => {
    for (const type of ["core/v1:Service", "batch/v1:Job", "core/v1:Secret"])
      expect(protectedBy(`kubernetes:${type}`)).toBeUndefined();
  });
});
