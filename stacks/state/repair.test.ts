import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkpointFile, createStack, lockFolder } from "./backend.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { type Deployment, clearDeadLocks, mend, mendFile } from "./repair.ts";

const urn = (type: string, name: string): string => `urn:pulumi:a.local::fairway::${type}::${name}`;
const configMap = (name: string, more: object = {}) => ({
  urn: urn("kubernetes:core/v1:ConfigMap", name),
  type: "kubernetes:core/v1:ConfigMap",
  custom: true,
  inputs: { metadata: { name, namespace: "a" } },
  ...more,
});
const bucket = {
  urn: urn("aws:s3/bucket:Bucket", "b"),
  type: "aws:s3/bucket:Bucket",
  custom: true,
  inputs: {},
};
const deployment = (
  pending: Deployment["pending_operations"],
  resources: Deployment["resources"] = [],
): Deployment => ({
  manifest: { version: "v3.255.0" },
  resources,
  pending_operations: pending,
});

describe("mending a deployment", () => {
  test("drops updates, deletes and creates of Kubernetes objects before an up, which does them again", () => {
    const pending = ["creating", "updating", "deleting"].map((type) => ({
      type,
      resource: configMap(type),
    }));
    expect(mend(deployment(pending, [configMap("kept", { id: "a/kept" })]), "up")).toEqual({
      deployment: {
        manifest: { version: "v3.255.0" },
        resources: [configMap("kept", { id: "a/kept" })],
      },
    });
  });
  test("records a Kubernetes object that may exist before a destroy, so that it is deleted", () => {
    const mended = mend(deployment([{ type: "creating", resource: configMap("half") }]), "destroy");
    expect(mended.deployment?.resources).toEqual([configMap("half", { id: "a/half" })]);
    const namespace = {
      urn: urn("kubernetes:core/v1:Namespace", "n"),
      type: "kubernetes:core/v1:Namespace",
      inputs: { metadata: { name: "n" } },
    };
    expect(
      mend(deployment([{ type: "creating", resource: namespace }]), "destroy").deployment
        ?.resources,
    ).toMatchObject([{ id: "n" }]);
  });
  test("does not record twice what is recorded, and marks a half-made replacement for deletion", () => {
    const same = configMap("x", { id: "a/x" });
    expect(
      mend(deployment([{ type: "creating", resource: configMap("x") }], [same]), "destroy")
        .deployment?.resources,
    ).toEqual([same]);
    const old = configMap("x", { id: "a/old-name" });
    expect(
      mend(deployment([{ type: "creating", resource: configMap("x") }], [old]), "destroy")
        .deployment?.resources,
    ).toEqual([old, configMap("x", { id: "a/x", delete: true })]);
  });
  test("leaves a create in a cloud to a person", () => {
    expect(mend(deployment([{ type: "creating", resource: bucket }]), "up")).toEqual({
      undecided: [bucket.urn],
    });
    expect(mend(deployment([{ type: "updating", resource: bucket }]), "up")).toHaveProperty(
      "deployment",
    );
  });
});

describe("a file backend", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fairway-repair-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("is mended in place, with the file before kept beside it", () => {
    createStack(folder, "a.local");
    const file = checkpointFile(folder, "a.local");
    const latest = deployment([{ type: "creating", resource: configMap("half") }]);
    const before = JSON.stringify({
      version: 3,
      checkpoint: { stack: "organization/fairway/a.local", latest },
    });
    writeFileSync(file, before);
    expect(readCheckpoint(folder, "a.local")?.pending).toMatchObject([{ type: "creating" }]);
    expect(mendFile(folder, "a.local", "up")).toEqual([]);
    expect(readCheckpoint(folder, "a.local")).toEqual({ resources: [], pending: [] });
    expect(readFileSync(`${file}.bak`, "utf8")).toBe(before);
  });
  test("in rehearsal is never undecided: what was being created does not exist", () => {
    const deployment = {
      resources: [],
      pending_operations: [
        { type: "creating", resource: { urn: "urn:a", type: "aws:s3/bucket:Bucket" } },
      ],
    };
    expect(mend(deployment, "up").undecided).toEqual(["urn:a"]);
    for (const operation of ["up", "destroy"] as const)
      expect(mend(deployment, operation, true)).toEqual({ deployment: { resources: [] } });
  });
  test("loses locks of processes that are gone, and keeps those that may live", () => {
    const locks = lockFolder(folder, "a.local");
    mkdirSync(locks, { recursive: true });
    const lock = (name: string, content: object | string): void =>
      writeFileSync(
        join(locks, name),
        typeof content === "string" ? content : JSON.stringify(content),
      );
    lock("alive.json", { pid: process.pid, hostname: hostname() });
    lock("elsewhere.json", { pid: 1, hostname: "elsewhere" });
    lock("dead.json", { pid: 2 ** 22 + 1, hostname: hostname() });
    lock("torn.json", '{"pid":');
    expect(clearDeadLocks(folder, "a.local", new Set())).toBe(2);
    expect(readdirSync(locks).sort()).toEqual(["alive.json", "elsewhere.json"]);
    expect(clearDeadLocks(folder, "a.local", new Set([process.pid]))).toBe(1);
    expect(existsSync(join(locks, "alive.json"))).toBe(false);
  });
});
