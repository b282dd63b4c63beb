/** One rule of Prometheus, as its rule files write it. */
export type PrometheusRuleSpec =
  | {
      /** Name of the series it makes. */
      readonly record: string;
      readonly expr: string;
      readonly labels: Readonly<Record<string, string>>;
    }
  | {
      /** Name of the alert. */
      readonly alert: string;
      readonly expr: string;
      /** How long it must hold, such as `2m`. */
      readonly for: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    };

/** A group of rules, evaluated together; `{groups}` is a rule file that promtool checks. */
export interface PrometheusGroupSpec {
  readonly name: string;
  /** How often, such as `30s`. */
  readonly interval: string;
  readonly rules: readonly PrometheusRuleSpec[];
}

/** What watches a service: a ServiceMonitor and a PrometheusRule. */
export interface MonitoringSpec {
  /** Name of both objects. */
  readonly name: string;
  /** Namespace of both objects. */
  readonly namespace: string;
  /** Labels of every object. */
  readonly labels: Readonly<Record<string, string>>;
  /** What is scraped; absent where the workload publishes no port. */
  readonly scrape?: {
    /** Labels that select the Service. */
    readonly selector: Readonly<Record<string, string>>;
    /** Name of the Service's port. */
    readonly port: string;
    /** HTTP path of the metrics. */
    readonly path: string;
    /** How often, such as `30s`. */
    readonly interval: string;
  };
  /** Recording rules and alerts. */
  readonly groups: readonly PrometheusGroupSpec[];
}

/** API of the objects, which the Prometheus Operator's CustomResourceDefinitions bring. */
export const MONITORING_API = "monitoring.coreos.com/v1";

/** Kinds of the objects that a spec asks for. */
export const monitoringKinds = ({
  scrape,
  groups,
}: Pick<MonitoringSpec, "scrape" | "groups">): string[] => [
  ...(scrape ? ["ServiceMonitor"] : []),
  ...(groups.length > 0 ? ["PrometheusRule"] : []),
];
