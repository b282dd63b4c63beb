import { describe, expect, test } from "vitest";
import { type Changes, findings, fixture, stack } from "../lib/fixture.ts";
import { podDisruptionBudget } from "./pod-disruption-budget.ts";

const budget = (changes: Changes) => fixture("policy/v1:PodDisruptionBudget", changes);
const found = (changes: Changes) => findings(podDisruptionBudget, stack(budget(changes)));
const available = (value: unknown) =>
  found({ "spec.maxUnavailable": undefined, "spec.minAvailable": value });

describe("pod-disruption-budget", () => {
  test("passes what complies", () => {
    expect(findings(podDisruptionBudget, stack())).toEqual([]);
  });
  test.each([
    ["of other pods", { "spec.selector.matchLabels": { app: "other" } }],
    ["of another namespace", { "metadata.namespace": "other" }],
    ["without a selector", { "spec.selector": undefined }],
  ])("fails a Deployment with a budget %s", (_title, changes) => {
    expect(found(changes)).toEqual([
      {
        urn: fixture("apps/v1:Deployment").urn,
        message: 'Deployment "shop" has no PodDisruptionBudget',
      },
    ]);
  });
  test("fails a budget that allows no disruption", () => {
    for (const value of [0, "0%"])
      expect(found({ "spec.maxUnavailable": value })).toMatchObject([
        { urn: budget({}).urn, path: "spec" },
      ]);
    for (const value of [2, "100%"]) expect(available(value)).toHaveLength(1);
  });
  test("passes a budget that keeps one of two", () => {
    for (const value of [1, "50%"]) expect(available(value)).toEqual([]);
  });
  test("selects by expressions as the API does", () => {
    const select = (...expressions: object[]) =>
      found({ "spec.selector": { matchExpressions: expressions } });
    const key = "app.kubernetes.io/name";
    expect(select({ key, operator: "In", values: ["shop"] }, { key, operator: "Exists" })).toEqual(
      [],
    );
    expect(select({ key: "canary", operator: "DoesNotExist" })).toEqual([]);
    expect(select({ key, operator: "NotIn", values: ["shop"] })).toHaveLength(1);
    expect(select({ key, operator: "Gt", values: ["1"] })).toHaveLength(1);
  });
  test("fails a budget that keeps as many as a ScaledObject's minimum", () => {
    const keep = (count: number) =>
      findings(
        podDisruptionBudget,
        stack(
          fixture("keda.sh/v1alpha1:ScaledObject", { "spec.minReplicaCount": 3 }),
          budget({ "spec.maxUnavailable": undefined, "spec.minAvailable": count }),
        ),
      );
    expect(keep(3)).toHaveLength(1);
    expect(keep(2)).toEqual([]);
  });
  test("asks for none where one replica is enough", () => {
    expect(
      findings(podDisruptionBudget, [fixture("apps/v1:Deployment")], { minReplicas: 1 }),
    ).toEqual([]);
  });
});
