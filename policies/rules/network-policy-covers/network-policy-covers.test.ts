import { describe, expect, test } from "vitest";
import { type Changes, findings, fixture, stack } from "../lib/fixture.ts";
import { POD_TYPES } from "../lib/pods.ts";
import { networkPolicyCovers } from "./network-policy-covers.ts";

const policy = (changes: Changes = {}) => fixture("networking.k8s.io/v1:NetworkPolicy", changes);
const found = (changes: Changes) => findings(networkPolicyCovers, stack(policy(changes)));

describe("network-policy-covers", () => {
  test("passes what complies", () => {
    expect(findings(networkPolicyCovers, stack())).toEqual([]);
  });
  test("fails every pod in a namespace without a default", () => {
    const all = found({ "metadata.namespace": "elsewhere" });
    expect(all).toHaveLength(POD_TYPES.length);
    expect(all[0]?.message).toBe(
      'namespace "shop" has no policy that denies all ingress and egress by default',
    );
  });
  test.each<[string, Changes, string]>([
    ["covers one direction", { "spec.policyTypes": ["Ingress"] }, "egress"],
    ["leaves its directions to the API's default", { "spec.policyTypes": undefined }, "egress"],
    [
      "selects some pods",
      { "spec.podSelector": { matchLabels: { app: "x" } } },
      "ingress and egress",
    ],
    ["admits something", { "spec.egress": [{ to: [{ podSelector: {} }] }] }, "egress"],
  ])("fails where the only policy %s", (_title, changes, directions) => {
    expect(found(changes)[0]?.message).toContain(`denies all ${directions} by default`);
  });
  test("counts two policies, one for each direction", () => {
    const both = ["Ingress", "Egress"].map((type) => policy({ "spec.policyTypes": [type] }));
    expect(findings(networkPolicyCovers, stack(...both))).toEqual([]);
  });
  test("fails a policy that admits everything", () => {
    const open = policy({ "spec.ingress": [{ from: [] }] });
    expect(findings(networkPolicyCovers, stack(policy(), open))).toEqual([
      {
        urn: open.urn,
        path: "spec.ingress[0]",
        message: "the policy admits all ingress: a rule without peers and ports",
      },
    ]);
  });
  test("passes a policy that opens one port to all", () => {
    const dns = policy({ "spec.egress": [{ ports: [{ port: 53, protocol: "UDP" }] }] });
    expect(findings(networkPolicyCovers, stack(policy(), dns))).toEqual([]);
  });
});
