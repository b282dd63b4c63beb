import { describe, expect, it } from "vitest";
import { BURN_RATES, objectiveGroup } from "./objective.plan.ts";
import { OBJECTIVE_TARGET as target } from "./testing.ts";

const alerts = (availability: number, latency?: number) =>
  objectiveGroup({
    ...target,
    availability,
    ...(latency !== undefined && { latency }),
  }).rules.flatMap((rule) => ("alert" in rule ? [rule] : []));

describe("an objective", () => {
  it("has an alert for each burn rate over its two windows", () => {
    expect(alerts(99.9).map(({ labels }) => [labels["severity"], labels["window"]])).toEqual(
      BURN_RATES.map(({ severity, long }) => [severity, long]),
    );
    expect(alerts(99.9)[0]?.expr).toBe(
      'service:request_error_ratio:rate1h{fairway_service="one",namespace="one-test"} > (14.4 * 0.001) and service:request_error_ratio:rate5m{fairway_service="one",namespace="one-test"} > (14.4 * 0.001)',
    );
  });

  it("spends the share of the month's budget that its text says", () => {
    const hours = { "1h": 1, "6h": 6, "1d": 24, "3d": 72 } as const;
    for (const { burn, long, spends } of BURN_RATES)
      expect(spends).toContain(`${Math.round((burn * hours[long] * 100) / 720)} %`);
  });

  it("leaves out burn rates that no share of failures can reach", () => {
    expect(alerts(90).map(({ labels }) => labels["window"])).toEqual(["6h", "1d", "3d"]);
    expect(alerts(50).map(({ labels }) => labels["window"])).toEqual(["3d"]);
  });

  it("judges latency only where it is asked to", () => {
    expect(alerts(99.9, 400).at(-1)?.expr).toContain("> 0.4 and");
    expect(alerts(99.9)).toHaveLength(4);
  });
});
