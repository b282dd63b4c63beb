import type { Finding, ResourceView, StackRule } from "../../../stacks/contract/finding.ts";
import { cis, nsa, soc2 } from "../lib/controls.ts";
import { each } from "../lib/each.ts";
import { namespaceOf, selectsAll } from "../lib/objects.ts";
import { POD_TYPES } from "../lib/pods.ts";
import { fields, list } from "../lib/read.ts";

const DIRECTIONS = [
  { type: "Ingress", rules: "ingress", peers: "from" },
  { type: "Egress", rules: "egress", peers: "to" },
] as const;
type Direction = (typeof DIRECTIONS)[number];

export const networkPolicyCovers: StackRule = {
  scope: "stack",
  name: "network-policy-covers",
  description:
    "Every pod lives in a namespace that denies all traffic by default, and no policy admits everything.",
  why: "Without a default, one broken pod reaches every other one and the whole outside.",
  fix: "Say whom the service calls (`consumes`, `uses`); the platform opens exactly that.",
  severity: "high",
  level: "mandatory",
  fields: {
    ServiceRequest: ["spec.patches", "spec.consumes"],
    Score: ["resources", "metadata"],
  },
  frameworks: [...cis("5.3.2"), ...soc2("CC6.1", "CC6.6", "CC7.2"), ...nsa("C-0030", "C-0260")],
  check(resources) {
    const policies = resources.filter(
      ({ type }) => type === "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    );
    const pods = resources.filter(({ type }) => POD_TYPES.includes(type));
    return [
      ...each(pods.length, (index) => {
        const pod = pods[index]!;
        const namespace = namespaceOf(pod);
        const own = policies.filter((policy) => namespaceOf(policy) === namespace);
        const open = DIRECTIONS.filter(
          (direction) => !own.some((policy) => deniesAll(policy, direction)),
        );
        return open.length === 0
          ? []
          : [
              {
                urn: pod.urn,
                message: `namespace "${namespace}" has no policy that denies all ${open.map(({ rules }) => rules).join(" and ")} by default`,
              },
            ];
      }),
      ...each(policies.length, (index) => {
        const policy = policies[index]!;
        return DIRECTIONS.flatMap((direction) =>
          admitsAll(policy, direction).map((finding) => ({ ...finding, urn: policy.urn })),
        );
      }),
    ];
  },
};

/** A policy on all pods of its namespace that covers the direction and admits nothing. */
function deniesAll(policy: ResourceView, { type, rules }: Direction): boolean {
  const spec = fields(policy.props["spec"]);
  return (
    selectsAll(spec["podSelector"]) &&
    typesOf(policy).includes(type) &&
    list(spec[rules]).length === 0
  );
}

/** Ingress always, and egress where it has rules, unless `policyTypes` says so. */
function typesOf(policy: ResourceView): readonly unknown[] {
  const spec = fields(policy.props["spec"]);
  const types = list(spec["policyTypes"]);
  if (types.length > 0) return types;
  return list(spec["egress"]).length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function admitsAll(policy: ResourceView, { rules, peers }: Direction): Finding[] {
  const all = list(fields(policy.props["spec"])[rules]);
  return each(all.length, (index) => {
    const rule = fields(all[index]);
    return list(rule[peers]).length === 0 && list(rule["ports"]).length === 0
      ? [
          {
            path: `spec.${rules}[${index}]`,
            message: `the policy admits all ${rules}: a rule without peers and ports`,
          },
        ]
      : [];
  });
}
