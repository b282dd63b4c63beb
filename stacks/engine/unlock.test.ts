import { describe, expect, it } from "vitest";
import type { RawResource } from "../state/repair.ts";
import { snapshotOf } from "./unlock.ts";

const resource = (type: string, finalSnapshotIdentifier?: string): RawResource => ({
  urn: `urn:pulumi:a.b::fairway::${type}::a-database-instance`,
  type,
  inputs: { ...(finalSnapshotIdentifier !== undefined && { finalSnapshotIdentifier }) },
});
const RDS = "aws:rds/instance:Instance";

describe("the name of a last snapshot", () => {
  it("is unique, and stays what a run that broke off gave", () => {
    const first = snapshotOf(resource(RDS, "a-database-prod-final"), "20261121100000");
    expect(first).toBe("a-database-prod-final-20261121100000");
    expect(snapshotOf(resource(RDS, first), "20261121110000")).toBe(first);
    expect(snapshotOf(resource(RDS), "20261121100000")).toBe(
      "a-database-instance-final-20261121100000",
    );
  });

  it("is given where data is disposable, if the resource's own settings ask for one", () => {
    const given = (inputs: RawResource["inputs"]) =>
      snapshotOf({ ...resource(RDS), inputs: inputs! }, "20261121100000", "as it says");
    expect(given({ finalSnapshotIdentifier: "x-final" })).toBe("x-final-20261121100000");
    expect(given({ finalSnapshotIdentifier: "x-final", skipFinalSnapshot: true })).toBeUndefined();
    expect(given({})).toBeUndefined();
  });

  it("is given where AWS makes one", () => {
    expect(snapshotOf(resource("aws:dynamodb/table:Table"), "20261121100000")).toBeUndefined();
    for (const type of ["docdb/cluster:Cluster", "elasticache/replicationGroup:ReplicationGroup"])
      expect(snapshotOf(resource(`aws:${type}`, "x"), "20261121100000")).toBe(
        "x-final-20261121100000",
      );
  });
});
