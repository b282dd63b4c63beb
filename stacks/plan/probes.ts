import type { ProbeAction, ProbeSpec } from "../../components/workload/workload.plan.ts";
import { kubeletText } from "../contract/kubelet.ts";
import type { Container, Port, Probe, Service } from "../contract/service.ts";
import { canonicalJson } from "../contract/value.ts";
import { KIND, PROBE, conventionOf } from "./defaults.ts";

/** The probes of a container. */
export interface Probes {
  readonly livenessProbe?: ProbeSpec;
  readonly readinessProbe?: ProbeSpec;
  readonly startupProbe?: ProbeSpec;
}

/**
 * Probes as they are written, and by convention where one gives only timings: HTTP on the health path of the health
 * port, else of the first published TCP port; without such a port there is none. Jobs have none.
 */
export function probesOf(
  service: Service,
  container: Container,
  ports: Readonly<Record<string, Port>>,
): Probes {
  if (!KIND[service.type].lasting) return {};
  const convention = conventionOf(service.language);
  const usual = usualAction(service, ports);
  const probe = (
    written: Probe | undefined,
    timings: (typeof PROBE)["liveness" | "readiness"],
  ): ProbeSpec | undefined => {
    const action = written && (actionOf(written) ?? usual);
    return (
      action && {
        action,
        initialDelay: written.initialDelay ?? timings.initialDelay,
        period: written.period ?? timings.period,
        timeout: written.timeout ?? timings.timeout,
        failureThreshold: written.failureThreshold ?? timings.failureThreshold,
      }
    );
  };
  const livenessProbe = probe(container.livenessProbe, PROBE.liveness);
  const readinessProbe = probe(container.readinessProbe, PROBE.readiness);
  // Only what is probed by convention is known to start as its language does.
  const starts =
    livenessProbe !== undefined && canonicalJson(livenessProbe.action) === canonicalJson(usual);
  return {
    ...(livenessProbe && { livenessProbe }),
    ...(readinessProbe && { readinessProbe }),
    ...(starts && {
      startupProbe: {
        ...PROBE.startup,
        action: livenessProbe.action,
        failureThreshold: convention.startup / PROBE.startup.period,
      },
    }),
  };
}

export function actionOf({ exec, httpGet }: Probe): ProbeAction | undefined {
  if (exec) return { exec: exec.map(kubeletText) };
  return (
    httpGet && {
      httpGet: {
        path: httpGet.path,
        port: httpGet.port,
        scheme: httpGet.scheme,
        ...(httpGet.host !== undefined && { host: httpGet.host }),
        headers: httpGet.headers,
      },
    }
  );
}

/** What is asked by convention: HTTP on the health path of the first published port. */
export function usualAction(
  service: Service,
  ports: Readonly<Record<string, Port>>,
): ProbeAction | undefined {
  const first = Object.values(ports).find(({ protocol }) => protocol === "TCP");
  const port = service.healthPort ?? first?.targetPort;
  return port === undefined
    ? undefined
    : {
        httpGet: {
          path: service.healthPath ?? conventionOf(service.language).health,
          port,
          scheme: "HTTP",
          headers: [],
        },
      };
}
