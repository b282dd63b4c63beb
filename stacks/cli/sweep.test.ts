import { expect, test } from "vitest";
import { LABELS, SECRET_STORE } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import { orphanPlan } from "../engine/orphan.ts";
import { KEPT_FOR } from "../engine/keep-volumes.ts";
import { ApiError, ConnectionError } from "../providers/kubernetes/failure.ts";
import type { StateResource } from "../state/checkpoint.ts";
import type { ClusterReader, KubernetesObject } from "./cluster.ts";
import { isSwept, othersOf, sweepObjects } from "./sweep.ts";

const planned = (name: string, stack: string): Plan => ({
  ...orphanPlan(stack),
  name,
  namespace: stack.split(".")[0]!,
});
const recordedAs = (type: string, id: string): StateResource => ({
  urn: `urn:pulumi:x::fairway::${type}::${id}`,
  type,
  id,
  protect: false,
  inputs: {},
  outputs: {},
});
const namespaceIn = (name: string) => recordedAs("kubernetes:core/v1:Namespace", name);
const object = (
  service: string,
  name: string,
  namespace?: string,
  annotations: Record<string, string> = {},
): Pick<KubernetesObject, "metadata"> => ({
  metadata: {
    name,
    ...(namespace !== undefined && { namespace }),
    labels: { [LABELS.service]: service },
    annotations,
  },
});

test("of two services that swapped names the living one keeps what is its own, under both names", () => {
  // What is called a1 is recorded as b1, and the other way round.
  const others = othersOf(
    "b1.local",
    [planned("a1", "b1.local"), planned("b1", "a1.local")],
    new Map([
      [
        "a1.local",
        [
          namespaceIn("a1"),
          recordedAs("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "a1-reads"),
        ],
      ],
    ]),
  );
  const swept = (kind: string, ...given: Parameters<typeof object>) =>
    isSwept(kind, object(...given), "b1.local", others);
  // Before the living one is deployed under its name of today, its objects carry the other's.
  for (const label of ["a1", "b1"]) {
    expect(swept("Namespace", label, "a1")).toBe(false);
    expect(swept("PersistentVolumeClaim", label, "data", "a1")).toBe(false);
    expect(swept("ClusterRole", label, "a1-reads")).toBe(false);
    expect(swept("Secret", label, "a1.stripe.local", SECRET_STORE)).toBe(false);
    expect(swept("Secret", label, "b1.stripe.local", SECRET_STORE)).toBe(true);
  }
  expect(swept("Secret", "b1", "brought", "default")).toBe(false);
  expect(swept("Secret", "a1", "brought", "default")).toBe(true);
  expect(swept("ClusterRole", "a1", "left")).toBe(true);
});

test("of two stacks that are called the same the other keeps what carries the name", () => {
  const purchases = planned("purchases", "orders.local");
  const orphaned = othersOf(
    "purchases.local",
    [purchases],
    new Map([["orders.local", [namespaceIn("orders")]]]),
  );
  expect(isSwept("Namespace", object("purchases", "orders"), "purchases.local", orphaned)).toBe(
    false,
  );
  expect(
    isSwept("Secret", object("purchases", "brought", "default"), "purchases.local", orphaned),
  ).toBe(false);

  const renamed = othersOf(
    "orders.local",
    [purchases],
    new Map([["purchases.local", [namespaceIn("purchases")]]]),
  );
  const swept = (service: string, namespace: string) =>
    isSwept("Secret", object(service, "brought", namespace), "orders.local", renamed);
  expect([swept("orders", "default"), swept("purchases", "default")]).toEqual([true, false]);
  expect(swept("orders", "purchases")).toBe(false);
});

test("volumes that were kept stay, whatever they carry", () => {
  const others = othersOf("till.local", [], new Map());
  const volume = object("till", "pv-1", undefined, { [KEPT_FOR]: "till.local" });
  expect(isSwept("PersistentVolume", volume, "till.local", others)).toBe(false);
});

/** A server that serves Secrets, and one more group, of which it answers so; what is deleted. */
async function sweptWith(answer: () => object): Promise<string[]> {
  const deleted: string[] = [];
  const client = {
    request: async ({ method, path }: { method: string; path: string }) => {
      if (method === "DELETE") deleted.push(path);
      if (path === "/apis")
        return { body: { groups: [{ preferredVersion: { groupVersion: "other.example/v1" } }] } };
      if (path === "/apis/other.example/v1") return { body: answer() };
      const verbs = ["list", "delete"];
      return {
        body: { resources: [{ name: "secrets", kind: "Secret", namespaced: true, verbs }] },
      };
    },
  };
  const reader = { client, list: async () => [object("till", "brought", "default")] };
  await sweepObjects(reader as unknown as ClusterReader, {
    stack: "till.local",
    names: ["till"],
    others: othersOf("till.local", [], new Map()),
    signal: new AbortController().signal,
  });
  return deleted;
}

test("a group that is not served holds nothing", async () => {
  for (const status of [404, 503])
    expect(
      await sweptWith(() => {
        throw new ApiError(status, {});
      }),
    ).toEqual(["/api/v1/namespaces/default/secrets/brought"]);
});

test("fails where a group may hold something and cannot be asked", async () => {
  for (const error of [new ApiError(403, {}), new ConnectionError("ETIMEDOUT", "no answer")])
    await expect(
      sweptWith(() => {
        throw error;
      }),
    ).rejects.toBe(error);
});
