import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WorkloadSpec } from "../../components/workload/workload.plan.ts";
import type { Container } from "../contract/service.ts";
import { checkTargets } from "../load/targets.ts";
import { CONTAINER, IN_AWS, argsIn, planOf, testEnvironment, testService } from "./testing.ts";

const AWS = testEnvironment("prod", {
  ...IN_AWS,
  resources: [{ type: "postgres", driver: "postgres-rds" }],
});

function workload(main: Partial<Container>, environment = testEnvironment()): WorkloadSpec {
  const service = testService("shop", {
    type: "worker",
    containers: { main: { ...CONTAINER, ...main } },
    uses: { db: { type: "postgres", class: "default", params: {}, annotations: {} } },
  });
  return argsIn<WorkloadSpec>(planOf(service, environment), "workload");
}

describe("dollars that the kubelet reads", () => {
  it("are doubled beside a secret that the cloud holds, and its own reference is not", () => {
    const [main] = workload(
      {
        variables: {
          PRICE: "$$${resources.db.password}",
          PIDS: "x$$$$y ${resources.db.password}",
          NOTE: "$HOME $${A} $$(X) ${resources.db.password}",
        },
      },
      AWS,
    ).containers;
    expect(main!.env).toEqual({
      PRICE: "$$$(FAIRWAY_DB_PASSWORD)",
      PIDS: "x$$$$y $(FAIRWAY_DB_PASSWORD)",
      NOTE: "$$HOME $${A} $$(X) $(FAIRWAY_DB_PASSWORD)",
    });
  });

  it("are doubled in a file that holds such a secret", () => {
    const content = "echo $$$$ $$(date) $HOME ${resources.db.password}\n";
    const [render] = workload(
      { files: { "/etc/run.sh": { content, encoding: "text", expand: true } } },
      AWS,
    ).initContainers;
    expect(render!.env).toEqual({
      FILE_0: "echo $$$$ $$(date) $$HOME $(FAIRWAY_DB_PASSWORD)\n",
    });
  });

  it("are doubled in a variable, a command, an argument and a probe that it would change, and nowhere else", () => {
    const texts = ["$(A)", "x$$y", "$x $", "cost: 5$"];
    const read = ["$$(A)", "x$$$$y", "$x $", "cost: 5$"];
    const [main] = workload({
      variables: { A: "$$(B)", B: "x$$$$y", C: "$x ${metadata.name}" },
      command: texts,
      args: texts,
      readinessProbe: { exec: texts },
    }).containers;
    expect(main).toMatchObject({
      env: { A: "$$(B)", B: "x$$$$y", C: "$x shop" },
      command: read,
      args: read,
      readinessProbe: { action: { exec: read } },
    });
  });

  it("are doubled beside what is known only while the program runs", () => {
    const [main] = workload({ variables: { A: "$$(${resources.db.host})" } }, AWS).containers;
    expect(main!.env).toEqual({
      A: { $template: ["$$(", { ref: "db", output: "host", secret: false }, ")"] },
    });
  });

  it("are left alone in a Secret, which the kubelet does not read", () => {
    const { secret } = workload({ variables: { A: "$$(A)${resources.db.password}" } });
    expect(secret!.data["main.env.A"]).toEqual({
      $template: ["$(A)", { ref: "db", output: "password", secret: true }],
    });
  });
});

it("keeps every file whose target is a place of its own under a key of its own", () => {
  const target = fc.string({ unit: fc.constantFrom("a", "A", "_", ".", "-", "/", " ", "é") });
  fc.assert(
    fc.property(fc.array(target, { maxLength: 12 }), (targets) => {
      const refused = new Set<string>();
      const mounts = [...new Set(targets)].map((one) => ({ target: one, at: [one] }));
      checkTargets(mounts, (_, [one]) => refused.add(String(one)));
      const own = mounts.flatMap((mount) => (refused.has(mount.target) ? [] : [mount.target]));
      const files = Object.fromEntries(
        own.map((one) => [one, { content: one, encoding: "text" as const, expand: false }]),
      );
      const { config, containers } = workload({ files });
      expect(
        Object.fromEntries(
          containers[0]!.mounts.map(({ path, subPath }) => [path, config?.data[subPath!]]),
        ),
      ).toEqual(Object.fromEntries(own.map((one) => [one, one])));
    }),
    { numRuns: 300 },
  );
});
