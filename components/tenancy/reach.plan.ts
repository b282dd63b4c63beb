import {
  NAMESPACE_NAME,
  type NetworkPeer,
  type NetworkPolicySpec,
  type NetworkPort,
} from "./network.plan.ts";

/** A namespace as policies see it. */
export interface ReachNamespace {
  readonly name: string;
  /** Its labels, without the one that holds its name. */
  readonly labels: Readonly<Record<string, string>>;
  readonly policies: readonly NetworkPolicySpec[];
}

/** A pod as policies see it. */
export interface ReachPod {
  readonly namespace: ReachNamespace;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Whether a pod can connect to a port of another: the sender's policies must let it out and the receiver's must let it
 * in; a pod that no policy selects may do everything.
 * Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function reachable(from: ReachPod, to: ReachPod, port: NetworkPort): boolean {
  return (
    allows(from, to, port, (policy) => policy.egress) &&
    allows(to, from, port, (policy) => policy.ingress)
  );
}

function allows(
  pod: ReachPod,
  other: ReachPod,
  { port, protocol }: NetworkPort,
  rulesOf: (policy: NetworkPolicySpec) => NetworkPolicySpec["ingress"],
): boolean {
  const policies = pod.namespace.policies.filter((policy) => matches(policy.pods, pod.labels));
  return (
    policies.length === 0 ||
    policies.some((policy) =>
      rulesOf(policy).some(
        (rule) =>
          rule.ports.some((one) => one.port === port && one.protocol === protocol) &&
          rule.peers.some((peer) => isPeer(peer, other, pod.namespace)),
      ),
    )
  );
}

/** Addresses are not modelled: a pod is never a peer by its address. */
function isPeer(peer: NetworkPeer, pod: ReachPod, own: ReachNamespace): boolean {
  if ("cidr" in peer) return false;
  const space = pod.namespace;
  const namespaceFits = peer.namespaces
    ? matches(peer.namespaces, { ...space.labels, [NAMESPACE_NAME]: space.name })
    : space.name === own.name;
  return namespaceFits && matches(peer.pods ?? {}, pod.labels);
}

const matches = (
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean => Object.entries(selector).every(([key, value]) => labels[key] === value);
