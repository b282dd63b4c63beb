import type { PrometheusGroupSpec, PrometheusRuleSpec } from "./monitoring.plan.ts";

/** The metric that counts a program's requests. */
export interface RequestMetric {
  /** Counter of requests. */
  readonly count: string;
  /** Histogram's bucket series, by `le` in seconds. */
  readonly bucket: string;
  /** Label matcher of failed requests. */
  readonly error: string;
}

/** What objectives are judged for. */
export interface ObjectiveTarget {
  readonly service: string;
  readonly namespace: string;
  /** Name of the Kubernetes Service, `service` label of scraped series. */
  readonly host: string;
  readonly metric: RequestMetric;
  /** Percent of good requests over 30 days. */
  readonly availability: number;
  /** Milliseconds that 99 % of requests stay under; absent: not judged. */
  readonly latency?: number;
  /** On every alert, beside `severity`. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Burn rates of the error budget and the windows they must hold over: the long one proves that it matters, the short
 * one that it still goes on. Source: The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
 */
export const BURN_RATES = [
  {
    severity: "page",
    burn: 14.4,
    long: "1h",
    short: "5m",
    for: "2m",
    spends: "2 % of the month's budget in an hour",
  },
  {
    severity: "page",
    burn: 6,
    long: "6h",
    short: "30m",
    for: "15m",
    spends: "5 % of the month's budget in six hours",
  },
  {
    severity: "ticket",
    burn: 3,
    long: "1d",
    short: "2h",
    for: "1h",
    spends: "10 % of the month's budget in a day",
  },
  {
    severity: "ticket",
    burn: 1,
    long: "3d",
    short: "6h",
    for: "3h",
    spends: "10 % of the month's budget in three days",
  },
] as const;

const WINDOWS = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] as const;
const recordName = (window: string): string => `service:request_error_ratio:rate${window}`;

/** Recording rules for the share of failed requests, and an alert for each burn rate that the objective allows. */
export function objectiveGroup(target: ObjectiveTarget): PrometheusGroupSpec {
  const { metric, labels } = target;
  const pods = `namespace="${target.namespace}",service="${target.host}"`;
  const own = `fairway_service="${target.service}",namespace="${target.namespace}"`;
  const budget = 1 - target.availability / 100;
  const records = WINDOWS.map((window): PrometheusRuleSpec => ({
    record: recordName(window),
    expr: `sum(rate(${metric.count}{${pods},${metric.error}}[${window}])) / sum(rate(${metric.count}{${pods}}[${window}]))`,
    labels: { fairway_service: target.service, namespace: target.namespace },
  }));
  // A share of failures is at most 1: a burn rate above that can never be reached.
  const alerts = BURN_RATES.filter(({ burn }) => burn * budget < 1).map(
    (rate): PrometheusRuleSpec => {
      const limit = `(${rate.burn} * ${decimal(budget)})`;
      return {
        alert: "ErrorBudgetBurn",
        expr: `${recordName(rate.long)}{${own}} > ${limit} and ${recordName(rate.short)}{${own}} > ${limit}`,
        for: rate.for,
        labels: { ...labels, severity: rate.severity, window: rate.long },
        annotations: {
          summary: `${target.service} fails too many requests for its objective of ${target.availability} %`,
          description: `At ${rate.burn} times the allowed rate it spends ${rate.spends}.`,
        },
      };
    },
  );
  return {
    name: `${target.service}-availability`,
    interval: "30s",
    rules: [...records, ...alerts, ...latencyAlert(target, pods)],
  };
}

function latencyAlert(target: ObjectiveTarget, pods: string): PrometheusRuleSpec[] {
  if (target.latency === undefined) return [];
  const slow = (window: string): string =>
    `histogram_quantile(0.99, sum by (le) (rate(${target.metric.bucket}{${pods}}[${window}]))) > ${decimal(target.latency! / 1_000)}`;
  return [
    {
      alert: "SlowRequests",
      expr: `${slow("1h")} and ${slow("5m")}`,
      for: "10m",
      labels: { ...target.labels, severity: "ticket" },
      annotations: {
        summary: `${target.service} answers more than 1 % of its requests later than after ${target.latency} ms`,
        description:
          "The 99th percentile of the last hour and of the last five minutes is above the objective.",
      },
    },
  ];
}

/** What is wrong whatever a workload serves, told by kube-state-metrics. */
export function healthGroup(target: {
  readonly service: string;
  readonly namespace: string;
  /** Name of the workload's objects. */
  readonly name: string;
  readonly lasting: boolean;
  readonly labels: Readonly<Record<string, string>>;
}): PrometheusGroupSpec {
  const { service, name, labels } = target;
  const within = `namespace="${target.namespace}"`;
  const alert = (
    title: string,
    expr: string,
    wait: string,
    severity: string,
    summary: string,
  ): PrometheusRuleSpec => ({
    alert: title,
    expr,
    for: wait,
    labels: { ...labels, severity },
    annotations: { summary: `${service} ${summary}` },
  });
  return {
    name: `${service}-health`,
    interval: "30s",
    rules: target.lasting
      ? [
          alert(
            "ContainerRestarts",
            `increase(kube_pod_container_status_restarts_total{${within},pod=~"${name}-.*"}[15m]) > 3`,
            "5m",
            "ticket",
            "restarts again and again",
          ),
          alert(
            "PodsNotReady",
            `sum(kube_pod_status_ready{${within},pod=~"${name}-.*",condition="false"}) > 0`,
            "15m",
            "ticket",
            "has pods that are not ready",
          ),
        ]
      : [
          alert(
            "RunFailed",
            `sum(kube_job_status_failed{${within},job_name=~"${name}.*"}) > 0`,
            "1m",
            "ticket",
            "has a run that failed",
          ),
        ],
  };
}

/** A number without the noise of binary fractions. */
const decimal = (value: number): string => String(Number(value.toPrecision(12)));
