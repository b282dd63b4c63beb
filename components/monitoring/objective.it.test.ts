import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obtainServer, type Server } from "../../tools/servers/server.ts";
import { run } from "../../tools/setup/run.ts";
import { healthGroup, objectiveGroup } from "./objective.plan.ts";
import { OBJECTIVE_TARGET } from "./testing.ts";

let promtool: Server;
const folder = mkdtempSync(join(tmpdir(), "fairway-promtool-"));
beforeAll(async () => {
  promtool = await obtainServer("promtool", {});
  const groups = [
    objectiveGroup({ ...OBJECTIVE_TARGET, latency: 400 }),
    healthGroup({ service: "one", namespace: "one-test", name: "one", lasting: true, labels: {} }),
    healthGroup({ service: "job", namespace: "job-test", name: "job", lasting: false, labels: {} }),
  ];
  writeFileSync(join(folder, "rules.yml"), JSON.stringify({ groups }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const check = (...args: string[]) =>
  run(promtool.bin["promtool"]!, args, {
    cwd: folder,
    env: { ...process.env, ...promtool.env },
    timeoutMs: 60_000,
  });

/** Two hours of 100 good requests a minute with `failed` failed ones, and the alerts that must burn at their end. */
const scenario = (failed: number, alerts: readonly (readonly [string, string, string])[]) => {
  const series = (code: string, step: number) => ({
    series: `requests_total{namespace="one-test",service="one",code="${code}"}`,
    values: `0+${step}x120`,
  });
  return {
    interval: "1m",
    input_series: [series("200", 100), series("500", failed)],
    alert_rule_test: [
      {
        eval_time: "2h",
        alertname: "ErrorBudgetBurn",
        exp_alerts: alerts.map(([severity, window, description]) => ({
          exp_labels: {
            owner: "team",
            severity,
            window,
            fairway_service: "one",
            namespace: "one-test",
          },
          exp_annotations: {
            summary: "one fails too many requests for its objective of 99.9 %",
            description,
          },
        })),
      },
    ],
  };
};

describe("Prometheus itself", () => {
  it("takes the rules", async () => {
    const result = await check("check", "rules", "--lint=all", "--lint-fatal", "rules.yml");
    expect(`${result.stdout}${result.stderr}`).toContain("SUCCESS");
    expect(result.code).toBe(0);
  });

  it("alerts when the budget burns, and is silent when nothing fails", async () => {
    const tests = [
      scenario(0, []),
      scenario(10, [
        [
          "page",
          "1h",
          "At 14.4 times the allowed rate it spends 2 % of the month's budget in an hour.",
        ],
        [
          "page",
          "6h",
          "At 6 times the allowed rate it spends 5 % of the month's budget in six hours.",
        ],
        [
          "ticket",
          "1d",
          "At 3 times the allowed rate it spends 10 % of the month's budget in a day.",
        ],
      ]),
    ];
    writeFileSync(
      join(folder, "test.yml"),
      JSON.stringify({
        rule_files: ["rules.yml"],
        evaluation_interval: "1m",
        tests,
      }),
    );
    const result = await check("test", "rules", "test.yml");
    expect(`${result.stdout}${result.stderr}`).toContain("SUCCESS");
    expect(result.code).toBe(0);
  });
});
