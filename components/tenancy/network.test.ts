import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consumesLabel } from "../../stacks/contract/names.ts";
import type { Edge, Peer } from "../../stacks/contract/plan.ts";
import { DENY_ALL, type NetworkSite, networkPolicies } from "./network.plan.ts";
import { type ReachNamespace, type ReachPod, reachable } from "./reach.plan.ts";

const origin = { from: "default", reason: "test" } as const;
const site = (name: string): NetworkSite => ({
  name,
  environment: "test",
  ingressNamespace: "ingress",
  monitoringNamespace: "monitoring",
  telemetryNamespace: "monitoring",
});
const edge = (from: Peer, to: Peer, port: number, protocol: "TCP" | "UDP" = "TCP"): Edge => ({
  from,
  to,
  port,
  protocol,
  origin,
});
const self = (item: string): Peer => ({ kind: "self", item });
const podLabels = (service: string, item: string) => ({
  "app.kubernetes.io/component": item,
  "app.kubernetes.io/name": service,
});

const SERVICES = ["a", "b", "c", "d"] as const;
const PORTS = [80, 5432] as const;

/** A random graph: who consumes whom, who has a database, who has a route, who is scraped. */
const graphs = fc.record({
  calls: fc.uniqueArray(fc.tuple(fc.constantFrom(...SERVICES), fc.constantFrom(...SERVICES)), {
    selector: ([from, to]) => `${from}${to}`,
  }),
  databases: fc.uniqueArray(fc.constantFrom(...SERVICES)),
  routes: fc.uniqueArray(fc.constantFrom(...SERVICES)),
  scraped: fc.uniqueArray(fc.constantFrom(...SERVICES)),
});

describe("network policies", () => {
  it("let through exactly the connections of the graph", () => {
    fc.assert(
      fc.property(graphs, ({ calls, databases, routes, scraped }) => {
        const called = calls.filter(([from, to]) => from !== to);
        const wanted = new Set<string>();
        const spaces = new Map<string, ReachNamespace>();
        for (const name of SERVICES) {
          const edges: Edge[] = [edge({ kind: "consumers", of: name }, self("workload"), 80)];
          for (const [from, to] of called)
            if (from === name) {
              wanted.add(`${from}/workload ${to}/workload 80`);
              edges.push(
                edge(
                  self("workload"),
                  { kind: "stack", stack: `${to}.test`, namespace: to, item: "workload" },
                  80,
                ),
              );
            }
          if (databases.includes(name)) {
            wanted.add(`${name}/workload ${name}/database 5432`);
            edges.push(edge(self("workload"), self("database"), 5432));
          }
          for (const [list, entity] of [
            [routes, "ingress"],
            [scraped, "monitoring"],
          ] as const)
            if (list.includes(name)) {
              wanted.add(`${entity}/any ${name}/workload 80`);
              edges.push(edge({ kind: "entity", entity }, self("workload"), 80));
            }
          const labels = called
            .filter(([from]) => from === name)
            .map(([, to]) => [consumesLabel(to), "test"]);
          spaces.set(name, {
            name,
            labels: Object.fromEntries(labels),
            policies: networkPolicies(edges, site(name)),
          });
        }
        const pods: { id: string; pod: ReachPod }[] = [
          ...SERVICES.flatMap((name) =>
            ["workload", "database", "other"].map((item) => ({
              id: `${name}/${item}`,
              pod: { namespace: spaces.get(name)!, labels: podLabels(name, item) },
            })),
          ),
          ...["ingress", "monitoring", "stranger"].map((name) => ({
            id: `${name}/any`,
            pod: { namespace: { name, labels: {}, policies: [] }, labels: {} },
          })),
        ];
        const found = new Set<string>();
        for (const from of pods)
          for (const to of pods)
            for (const port of PORTS)
              if (to.pod.namespace.policies.length > 0)
                if (reachable(from.pod, to.pod, { port, protocol: "TCP" }))
                  found.add(`${from.id} ${to.id} ${port}`);
        expect([...found].sort()).toEqual([...wanted].sort());
      }),
    );
  });

  it("begin with one that denies everything, and name each item's after it", () => {
    const edges = [
      edge(self("workload"), self("database"), 5432),
      edge(self("workload"), self("cache"), 6379),
    ];
    const policies = networkPolicies(edges, site("a"));
    expect(policies[0]).toBe(DENY_ALL);
    expect(policies.map(({ name }) => name)).toEqual([
      "default-deny",
      "allow-cache",
      "allow-database",
      "allow-workload",
    ]);
  });

  it("come out the same in whatever order the edges are given", () => {
    const edges = [
      edge(self("workload"), { kind: "entity", entity: "dns" }, 53, "UDP"),
      edge(self("workload"), { kind: "entity", entity: "dns" }, 53),
      edge(self("workload"), self("cache"), 6379),
      edge({ kind: "consumers", of: "a" }, self("workload"), 8080),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(edges, { minLength: edges.length }), (shuffled) => {
        expect(networkPolicies(shuffled, site("a"))).toEqual(networkPolicies(edges, site("a")));
      }),
    );
  });

  it("keep the internet apart from private networks and the cloud's metadata service", () => {
    const [, policy] = networkPolicies(
      [edge(self("workload"), { kind: "entity", entity: "internet" }, 443)],
      site("a"),
    );
    expect(policy?.egress[0]?.peers[0]).toMatchObject({
      cidr: "0.0.0.0/0",
      except: expect.arrayContaining(["169.254.0.0/16", "10.0.0.0/8"]) as unknown,
    });
  });
});
