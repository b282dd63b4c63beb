import { describe, expect, test } from "vitest";
import { findings, fixture, stack } from "../lib/fixture.ts";
import { replicas } from "./replicas.ts";

const hpa = (changes = {}) => fixture("autoscaling/v2:HorizontalPodAutoscaler", changes);
const lonely = fixture("apps/v1:Deployment", { "spec.replicas": undefined });

describe("replicas", () => {
  test("passes what complies", () => expect(findings(replicas, stack())).toEqual([]));
  test("fails a Deployment with fewer than the environment demands", () => {
    expect(
      findings(replicas, stack(fixture("apps/v1:Deployment", { "spec.replicas": 1 }))),
    ).toEqual([
      {
        urn: lonely.urn,
        path: "spec.replicas",
        message: 'Deployment "shop" runs 1 at least; prod demands 2',
      },
    ]);
  });
  test("fails a Deployment that leaves the number to the API's default", () => {
    expect(findings(replicas, stack(lonely))).toHaveLength(1);
  });
  test("passes a Deployment whose autoscaler keeps enough", () => {
    expect(findings(replicas, stack(lonely, hpa()))).toEqual([]);
  });
  test("fails the autoscaler that may go below, whatever the Deployment says", () => {
    expect(findings(replicas, stack(hpa({ "spec.minReplicas": 1 })))).toMatchObject([
      { urn: hpa().urn, path: "spec.minReplicas" },
    ]);
  });
  test("takes the minimum of a ScaledObject as it does an autoscaler's; KEDA's default is none", () => {
    const scaled = (changes = {}) => fixture("keda.sh/v1alpha1:ScaledObject", changes);
    expect(findings(replicas, stack(lonely, scaled()))).toEqual([]);
    for (const [count, runs] of [
      [1, 1],
      [undefined, 0],
    ])
      expect(findings(replicas, stack(scaled({ "spec.minReplicaCount": count })))).toEqual([
        {
          urn: scaled().urn,
          path: "spec.minReplicaCount",
          message: `Deployment "shop" runs ${runs} at least; prod demands 2`,
        },
      ]);
    expect(
      findings(replicas, stack(lonely, scaled({ "spec.scaleTargetRef.name": "other" }))),
    ).toHaveLength(1);
  });
  test("does not count an autoscaler of something else", () => {
    const others = [
      { "spec.scaleTargetRef.name": "other" },
      { "metadata.namespace": "other" },
      { "spec.scaleTargetRef.kind": "StatefulSet" },
    ];
    for (const changes of others)
      expect(findings(replicas, stack(lonely, hpa(changes)))).toHaveLength(1);
  });
  test("passes one replica where the environment demands one", () => {
    expect(findings(replicas, stack(lonely), { minReplicas: 1 })).toEqual([]);
  });
});
