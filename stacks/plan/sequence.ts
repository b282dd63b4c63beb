import type { ContainerSpec } from "../../components/workload/workload.plan.ts";
import type { Problem } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";
import { PROBE } from "./defaults.ts";
import { problemAt } from "./origins.ts";

/** How far a container must be before others start; the later counts for more. */
const READY = { started: 1, healthy: 2, complete: 3 } as const;
type Ready = keyof typeof READY;

/**
 * Puts what others wait for before them: a container to be complete becomes an init container, one to be started or
 * healthy a native sidecar, in order (`containers.a.before.b.ready`: b is ready before a starts). Kubernetes starts
 * init containers one after the other and the rest together, so that some wait for more than they must.
 * @returns Init containers in order, and the others. Circles are told as FW1302.
 */
export function sequence(
  service: Service,
  containers: readonly ContainerSpec[],
  problems: Problem[],
  notes: Problem[],
): {
  readonly initContainers: readonly ContainerSpec[];
  readonly containers: readonly ContainerSpec[];
} {
  const awaited = new Map<string, Ready>();
  for (const { before } of Object.values(service.containers))
    for (const [name, ready] of Object.entries(before))
      if (READY[ready] > READY[awaited.get(name) ?? "started"] || !awaited.has(name))
        awaited.set(name, ready);
  if (awaited.size === 0) return { initContainers: [], containers };

  const byName = new Map(containers.map((container) => [container.name, container]));
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (name: string, path: readonly string[]): void => {
    if (state.get(name) === "done") return;
    if (state.get(name) === "open") {
      problems.push(
        problemAt(
          service,
          `containers.${name}.before`,
          "FW1302",
          `containers wait for each other in a circle: ${[...path.slice(path.indexOf(name)), name].join(" → ")}`,
          "take one of the entries out",
        ),
      );
      return;
    }
    state.set(name, "open");
    for (const other of Object.keys(service.containers[name]?.before ?? {}).sort())
      visit(other, [...path, name]);
    state.set(name, "done");
    order.push(name);
  };
  for (const { name } of containers) visit(name, []);

  const initContainers = order.flatMap((name) => {
    const [container, ready] = [byName.get(name), awaited.get(name)];
    if (!container || !ready) return [];
    return [
      ready === "complete" ? untilComplete(container) : beside(service, container, ready, notes),
    ];
  });
  return { initContainers, containers: containers.filter(({ name }) => !awaited.has(name)) };
}

/** Init containers have no probes and nothing to drain. */
function untilComplete(container: ContainerSpec): ContainerSpec {
  const {
    livenessProbe: _,
    readinessProbe: __,
    startupProbe: ___,
    drain: ____,
    ...rest
  } = container;
  return rest;
}

/** A native sidecar; the startup probe is what holds the next container back. */
function beside(
  service: Service,
  container: ContainerSpec,
  ready: Ready,
  notes: Problem[],
): ContainerSpec {
  const sidecar = { ...container, sidecar: true } as const;
  if (ready === "started") return sidecar;
  const probe = container.readinessProbe ?? container.livenessProbe;
  if (!probe) {
    notes.push(
      problemAt(
        service,
        `containers.${container.name}`,
        "FW3021",
        `others wait for the container ${container.name} to be healthy, and it has no probe: they start once it has started`,
        "give it a readinessProbe",
      ),
    );
    return sidecar;
  }
  return {
    ...sidecar,
    startupProbe: { ...PROBE.startup, action: probe.action, failureThreshold: 60 },
  };
}
