import type { ScalingSpec, WindowSpec } from "../../components/workload/workload.plan.ts";
import type { Environment } from "../contract/environment.ts";
import type { Origin } from "../contract/origin.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { ScalingWindow, Service } from "../contract/service.ts";
import { sourceOf } from "../contract/source.ts";
import { DEFAULT, KIND, TIER } from "./defaults.ts";
import { fromDefault, fromDescriptor, fromEnvironment, problemAt } from "./origins.ts";
import type { Uses } from "./uses.ts";

/** How many replicas run. */
export interface Replicas {
  /** Absent with `scaling`. */
  readonly replicas?: number;
  readonly scaling?: ScalingSpec;
  readonly disruption?: { readonly maxUnavailable: number };
  readonly origins: Readonly<Record<string, Origin>>;
}

/**
 * Replicas by the descriptor's scaling, or else by tier, within the environment's bounds. Where there is room between
 * least and most, an autoscaler decides. A stateful service is never raised by the environment: two replicas of it are
 * two sets of data.
 */
export function replicasOf(
  service: Service,
  environment: Environment,
  scalingOfUses: Uses["scaling"],
  notes: Problem[],
): Replicas {
  if (!KIND[service.type].lasting) return { origins: {} };
  const tier = TIER[service.tier ?? DEFAULT.tier.value];
  const bounds = environment.replicas;
  const stateful = service.type === "stateful";
  const wanted = service.scaling ?? scalingOfUses?.scaling;
  const at = service.scaling || !scalingOfUses ? "scaling" : `uses.${scalingOfUses.use}`;
  const ask = wanted ?? { min: stateful ? 1 : tier.replicas, max: stateful ? 1 : tier.replicas };
  const least = stateful ? 1 : bounds.min;
  const min = Math.min(Math.max(ask.min, least), bounds.max);
  const max = Math.min(Math.max(ask.max, min), bounds.max);
  if (wanted && (min !== wanted.min || max !== wanted.max))
    notes.push(
      problem(
        "FW3020",
        `${service.name} asks for ${wanted.min} to ${wanted.max} replicas and gets ${min} to ${max} in ${environment.name}`,
        sourceOf(service, at),
      ),
    );
  const bounded = min !== ask.min || max !== ask.max;
  const origin = bounded
    ? fromEnvironment(environment, min > ask.min ? "replicas.min" : "replicas.max")
    : wanted
      ? fromDescriptor(service, at)
      : fromDefault(stateful ? "each replica holds data of its own" : tier.reason);
  const windows = (wanted?.schedule ?? []).map((window, index) =>
    windowOf(window, { min, max }, service, `${at}.schedule.${index}`, environment, notes),
  );
  const metrics = (["cpu", "memory"] as const).flatMap((resource) => {
    const utilization = wanted?.[resource];
    return utilization === undefined ? [] : [{ resource, utilization }];
  });
  const usual = [{ resource: "cpu" as const, utilization: DEFAULT.targetCpu.value }];
  const disruption = min > 1 ? { disruption: { maxUnavailable: 1 } } : {};
  return min === max
    ? { replicas: min, ...disruption, origins: { replicas: origin } }
    : {
        scaling: {
          min,
          max,
          // Windows alone are meant alone: nobody asked for what is measured.
          metrics: metrics.length > 0 || windows.length > 0 ? metrics : usual,
          ...(windows.length > 0 && { windows: windows.map(({ window }) => window) }),
        },
        ...disruption,
        origins: {
          scaling: origin,
          ...(metrics.length === 0 &&
            windows.length === 0 && { "scaling.metrics": fromDefault(DEFAULT.targetCpu.reason) }),
          ...(windows.length > 0 && {
            "scaling.windows": fromDescriptor(service, `${at}.schedule`),
          }),
          ...Object.fromEntries(
            windows.map(({ origin }, index) => [`scaling.windows.${index}`, origin]),
          ),
        },
      };
}

/** FW3014 at every use that says how the service is scaled where something written before says it already. */
export function scaledTwice(service: Service, uses: readonly string[]): Problem[] {
  const written = Object.keys(service.uses).filter((name) => uses.includes(name));
  const first = service.scaling ? "scaling" : written.shift();
  return written.map((name) =>
    problemAt(
      service,
      `uses.${name}`,
      "FW3014",
      `${first} says already how ${service.name} is scaled`,
      "keep one of the two",
    ),
  );
}

/** A window within the bounds that count here. */
function windowOf(
  { from, to, replicas: wanted, timeZone = DEFAULT.timeZone.value }: ScalingWindow,
  { min, max }: { readonly min: number; readonly max: number },
  service: Service,
  at: string,
  environment: Environment,
  notes: Problem[],
): { readonly window: WindowSpec; readonly origin: Origin } {
  const replicas = Math.min(Math.max(wanted, min), max);
  if (replicas !== wanted)
    notes.push(
      problem(
        "FW3020",
        `${service.name} asks for ${wanted} replicas from ${from} to ${to} and gets ${replicas} in ${environment.name}`,
        sourceOf(service, `${at}.replicas`),
      ),
    );
  return { window: { from, to, timeZone, replicas }, origin: fromDescriptor(service, at) };
}
