import { beforeAll, expect, it } from "vitest";
import type { NetworkPeer, NetworkRule } from "../../components/tenancy/network.plan.ts";
import {
  type ReachNamespace,
  type ReachPod,
  reachable,
} from "../../components/tenancy/reach.plan.ts";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { ResourceView } from "../contract/finding.ts";
import type { Edge, Plan } from "../contract/plan.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { planWorkspace } from "../plan/workspace.ts";
import { record } from "./record.ts";

type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
}
interface ApiPeer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}
/** What is read of an object as the API server gets it. */
interface ApiObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  readonly spec?: {
    readonly podSelector?: Selector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly {
      readonly from: readonly ApiPeer[];
      readonly ports: NetworkRule["ports"];
    }[];
    readonly egress?: readonly {
      readonly to: readonly ApiPeer[];
      readonly ports: NetworkRule["ports"];
    }[];
    readonly template?: { readonly metadata?: { readonly labels?: Labels } };
    readonly jobTemplate?: ApiObject;
  };
}

const labelsOf = (selector: Selector | undefined): Labels => selector?.matchLabels ?? {};

function peerOf({ ipBlock, podSelector, namespaceSelector }: ApiPeer): NetworkPeer {
  if (ipBlock) return { cidr: ipBlock.cidr, except: ipBlock.except ?? [] };
  return {
    ...(podSelector && { pods: labelsOf(podSelector) }),
    ...(namespaceSelector && { namespaces: labelsOf(namespaceSelector) }),
  };
}

/** A namespace and its pods, read back from the objects that a stack registers. */
function spaceOf(objects: readonly ApiObject[]): { space: ReachNamespace; pods: ReachPod[] } {
  const namespace = objects.find(({ kind }) => kind === "Namespace")!;
  const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
  for (const { spec } of policies) expect(spec?.policyTypes).toEqual(["Ingress", "Egress"]);
  const space: ReachNamespace = {
    name: namespace.metadata.name,
    labels: namespace.metadata.labels ?? {},
    policies: policies.map(({ metadata, spec }) => ({
      name: metadata.name,
      pods: labelsOf(spec?.podSelector),
      ingress: (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from.map(peerOf), ports })),
      egress: (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to.map(peerOf), ports })),
    })),
  };
  const pods = objects.flatMap(({ spec }) => {
    const labels = (spec?.jobTemplate?.spec ?? spec)?.template?.metadata?.labels;
    return labels ? [{ namespace: space, labels }] : [];
  });
  return { space, pods };
}

const nameOf = (stack: string, item: string): string => `${stack}/${item}`;
const ENTITIES: Readonly<Record<string, string>> = { ingress: "ingress", monitoring: "monitoring" };

let stacks: readonly { readonly plan: Plan; readonly objects: readonly ApiObject[] }[];
beforeAll(async () => {
  const workspace = await loadWorkspace(checkoutRoot());
  const { plans } = planWorkspace(workspace, { environments: ["local"] });
  const objectsOf = (views: readonly ResourceView[]): ApiObject[] =>
    views
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ props }) => props as unknown as ApiObject);
  stacks = await Promise.all(
    plans.map(async (plan) => ({ plan, objects: objectsOf(await record(plan)) })),
  );
});

/** The connection between pods that an edge stands for; an edge from consumers is the other half of one from a stack. */
function connection(plan: Plan, { from, to, port, protocol }: Edge): string[] {
  const side = (peer: Edge["from"]): string | undefined =>
    peer.kind === "self"
      ? nameOf(plan.stack, peer.item)
      : peer.kind === "stack"
        ? nameOf(peer.stack, peer.item)
        : peer.kind === "entity" && peer.entity in ENTITIES
          ? nameOf("entity", peer.entity)
          : undefined;
  const [source, target] = [side(from), side(to)];
  return source && target ? [`${source} → ${target} ${port}/${protocol}`] : [];
}

it("what the example services register lets through exactly the edges of their plans", () => {
  const walled = stacks.filter(({ objects }) => objects.some(({ kind }) => kind === "Namespace"));
  const pods = walled.flatMap(({ plan, objects }) =>
    spaceOf(objects).pods.map((pod) => ({
      id: nameOf(plan.stack, pod.labels["app.kubernetes.io/component"]!),
      pod,
    })),
  );
  const outside = [...Object.entries(ENTITIES), ["stranger", "stranger"]].map(([entity, name]) => ({
    id: nameOf("entity", entity!),
    pod: { namespace: { name: name!, labels: {}, policies: [] }, labels: {} },
  }));
  const edges = walled.flatMap(({ plan }) => plan.edges.map((edge) => ({ plan, edge })));
  const wanted = new Set(edges.flatMap(({ plan, edge }) => connection(plan, edge)));
  const ports = new Map(
    edges.map(({ edge: { port, protocol } }) => [`${port}/${protocol}`, { port, protocol }]),
  );
  const found = new Set<string>();
  for (const from of [...pods, ...outside])
    for (const to of pods)
      for (const [name, port] of ports)
        if (reachable(from.pod, to.pod, port)) found.add(`${from.id} → ${to.id} ${name}`);
  expect(pods.length).toBeGreaterThan(walled.length);
  expect([...found].sort()).toEqual([...wanted].sort());
});
