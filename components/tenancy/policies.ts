import type { networking } from "@pulumi/kubernetes/types/input.js";
import type { NetworkPeer, NetworkPolicySpec, NetworkRule } from "./network.plan.ts";

/** A NetworkPolicy's spec as Kubernetes writes it; what no rule allows is denied in both directions. */
export function policySpec(policy: NetworkPolicySpec): networking.v1.NetworkPolicySpec {
  const { ingress, egress } = policy;
  return {
    podSelector: labels(policy.pods),
    policyTypes: ["Ingress", "Egress"],
    ...(ingress.length > 0 && {
      ingress: ingress.map((rule) => ({ from: rule.peers.map(peer), ports: ports(rule) })),
    }),
    ...(egress.length > 0 && {
      egress: egress.map((rule) => ({ to: rule.peers.map(peer), ports: ports(rule) })),
    }),
  };
}

function peer(spec: NetworkPeer): networking.v1.NetworkPolicyPeer {
  if ("cidr" in spec)
    return {
      ipBlock: { cidr: spec.cidr, ...(spec.except.length > 0 && { except: [...spec.except] }) },
    };
  return {
    ...(spec.pods && { podSelector: labels(spec.pods) }),
    ...(spec.namespaces && { namespaceSelector: labels(spec.namespaces) }),
  };
}

const ports = (rule: NetworkRule) => rule.ports.map((port) => ({ ...port }));

/** Selects what has all of these labels; everything, where there are none. */
const labels = (match: Readonly<Record<string, string>>) =>
  Object.keys(match).length > 0 ? { matchLabels: { ...match } } : {};
