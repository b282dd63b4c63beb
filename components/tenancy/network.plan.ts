import { LABELS, consumesLabel, splitStack } from "../../stacks/contract/names.ts";
import type { Edge, Peer } from "../../stacks/contract/plan.ts";

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

/** Where edges are drawn. */
export interface NetworkSite {
  /** Service or shared name: its pods' name label. */
  readonly name: string;
  readonly environment: string;
  /** Namespace of the ingress controller. */
  readonly ingressNamespace: string;
  /** Namespace of Prometheus. */
  readonly monitoringNamespace: string;
  /** Addresses of the cloud account's network. Default none. */
  readonly cloudCidr?: string;
  /** Load balancers of the cloud reach pods themselves: no pods of an ingress controller do. Default false. */
  readonly balanced?: boolean;
  /** Where databases and caches of the cloud account have their addresses. Default none. */
  readonly databaseCidrs?: readonly string[];
  /** Names are answered by each node itself, as in EKS Auto Mode: no pods do. Default false. */
  readonly nodeDns?: boolean;
  /** Namespace of the telemetry collector; absent: it is outside of the cluster. */
  readonly telemetryNamespace?: string;
}

/** Denies every connection that no other policy allows. */
export const DENY_ALL: NetworkPolicySpec = {
  name: "default-deny",
  pods: {},
  ingress: [],
  egress: [],
};

/** Label that every namespace has: its name. */
export const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/** Addresses inside of clusters and clouds, the metadata service among them: not the internet. RFC 1918, 3927, 6598. */
const PRIVATE = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
];
/** The same of IPv6. RFC 4193, 4291. */
const PRIVATE_6 = ["fc00::/7", "fe80::/10"];

/**
 * Where the agent on a node of EKS gives pods the credentials of their role.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 */
export const POD_IDENTITY = "169.254.170.23/32";

/**
 * The policies that allow the edges and nothing else: one that denies all, and one for each item with pods. What an
 * edge does not begin or end at in this namespace is no business of its policies.
 */
export function networkPolicies(edges: readonly Edge[], site: NetworkSite): NetworkPolicySpec[] {
  const items = new Map<string, { ingress: Sides; egress: Sides }>();
  const sidesOf = (item: string): { ingress: Sides; egress: Sides } => {
    let sides = items.get(item);
    if (!sides) items.set(item, (sides = { ingress: new Map(), egress: new Map() }));
    return sides;
  };
  for (const { from, to, port, protocol } of edges) {
    if (from.kind === "self") add(sidesOf(from.item).egress, to, { port, protocol }, site);
    if (to.kind === "self") add(sidesOf(to.item).ingress, from, { port, protocol }, site);
  }
  return [
    DENY_ALL,
    ...[...items]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([item, { ingress, egress }]) => ({
        name: `allow-${item}`,
        pods: podLabels(site.name, item),
        ingress: rulesOf(ingress),
        egress: rulesOf(egress),
      })),
  ];
}

/** Peer's text → the peer and its ports. */
type Sides = Map<
  string,
  { readonly peers: readonly NetworkPeer[]; readonly ports: Map<string, NetworkPort> }
>;

function add(sides: Sides, peer: Peer, port: NetworkPort, site: NetworkSite): void {
  const key = peerKey(peer);
  let side = sides.get(key);
  if (!side) sides.set(key, (side = { peers: peersOf(peer, site), ports: new Map() }));
  side.ports.set(`${String(port.port).padStart(5, "0")}/${port.protocol}`, port);
}

function peerKey(peer: Peer): string {
  switch (peer.kind) {
    case "self":
      return `self/${peer.item}`;
    case "stack":
      return `stack/${peer.namespace}/${peer.stack}/${peer.item}`;
    case "cloud":
      return "cloud";
    case "consumers":
      return `consumers/${peer.of}`;
    case "entity":
      return `entity/${peer.entity}`;
  }
}

const rulesOf = (sides: Sides): NetworkRule[] =>
  [...sides]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { peers, ports }]) => ({
      peers,
      ports: [...ports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, port]) => port),
    }));

const podLabels = (name: string, item: string): Readonly<Record<string, string>> => ({
  [LABELS.component]: item,
  [LABELS.name]: name,
});

function peersOf(peer: Peer, site: NetworkSite): NetworkPeer[] {
  switch (peer.kind) {
    case "self":
      return [{ pods: podLabels(site.name, peer.item) }];
    case "stack":
      return [
        {
          namespaces: { [NAMESPACE_NAME]: peer.namespace },
          pods: podLabels(splitStack(peer.stack).name, peer.item),
        },
      ];
    case "cloud":
      return (site.databaseCidrs ?? []).map((cidr) => ({ cidr, except: [] }));
    case "consumers":
      return [{ namespaces: { [consumesLabel(peer.of)]: site.environment } }];
    case "entity":
      return entityPeers(peer.entity, site);
  }
}

function entityPeers(
  entity: Extract<Peer, { kind: "entity" }>["entity"],
  site: NetworkSite,
): NetworkPeer[] {
  const namespace = (name: string): NetworkPeer => ({ namespaces: { [NAMESPACE_NAME]: name } });
  const internet: NetworkPeer[] = [
    { cidr: "0.0.0.0/0", except: PRIVATE },
    { cidr: "::/0", except: PRIVATE_6 },
  ];
  switch (entity) {
    case "dns":
      return site.nodeDns
        ? [{ cidr: "0.0.0.0/0", except: [] }]
        : [{ ...namespace("kube-system"), pods: { "k8s-app": "kube-dns" } }];
    case "ingress":
      return site.balanced && site.cloudCidr !== undefined
        ? [{ cidr: site.cloudCidr, except: [] }]
        : [namespace(site.ingressNamespace)];
    case "monitoring":
      return [namespace(site.monitoringNamespace)];
    case "telemetry":
      return site.telemetryNamespace === undefined
        ? internet
        : [namespace(site.telemetryNamespace)];
    case "cloud-api":
      // The endpoints of APIs have addresses inside of the network, too.
      return site.cloudCidr === undefined
        ? internet
        : [...internet, { cidr: site.cloudCidr, except: [] }];
    case "pod-identity":
      return [{ cidr: POD_IDENTITY, except: [] }];
    case "internet":
      return internet;
  }
}
