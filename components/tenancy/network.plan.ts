/** A port of a pod. */
export interface NetworkPort {
  /** 1 to 65535: what the pod listens on, not what a Service publishes. */
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/** The other side of a connection. */
export type NetworkPeer =
  | {
      /** Pods with all of these labels; absent: every pod of the namespaces. */
      readonly pods?: Readonly<Record<string, string>>;
      /** Namespaces with all of these labels; absent: the policy's own namespace. */
      readonly namespaces?: Readonly<Record<string, string>>;
    }
  | {
      /** Addresses, such as `0.0.0.0/0`. */
      readonly cidr: string;
      /** Ranges of `cidr` that are left out. */
      readonly except: readonly string[];
    };

/** One line of a policy: any of these peers on any of these ports. */
export interface NetworkRule {
  readonly peers: readonly NetworkPeer[];
  readonly ports: readonly NetworkPort[];
}

/** A NetworkPolicy. It always has both policy types, so that what no rule allows is denied in both directions. */
export interface NetworkPolicySpec {
  /** Name of the NetworkPolicy. */
  readonly name: string;
  /** Labels of the pods it is about; empty: every pod of the namespace. */
  readonly pods: Readonly<Record<string, string>>;
  /** Who may connect to these pods. */
  readonly ingress: readonly NetworkRule[];
  /** What these pods may connect to. */
  readonly egress: readonly NetworkRule[];
}
