import { describe, expect, it } from "vitest";
import type { WorkloadSpec } from "../../components/workload/workload.plan.ts";
import type { Service } from "../contract/service.ts";
import { CONTAINER, argsIn, planOf, problemsOf, testService } from "./testing.ts";

const workload = (service: Service): WorkloadSpec =>
  argsIn<WorkloadSpec>(planOf(service), "workload");
const main = (spec: WorkloadSpec): WorkloadSpec["containers"][number] => spec.containers[0]!;

describe("placeholders", () => {
  const uses = { db: { type: "postgres", class: "default", params: {}, annotations: {} } };
  const withVariable = (text: string): Service =>
    testService("one", {
      uses,
      metadata: { name: "one", team: { size: 3 } },
      containers: { main: { ...CONTAINER, variables: { A: text } } },
    });

  it.each([
    ["plain $ text", "plain $ text"],
    ["$${literal} $$", "${literal} $"],
    ["${metadata.name}-${metadata.team.size}", "one-3"],
    ["${metadata.team}", '{"size":3}'],
    ["${resources.db}", "postgres.default#one.db"],
    ["${resources.db.host}:${resources.db.port}", "db.one-test.svc:5432"],
  ])("expands %s to %s", (text, expected) => {
    expect(main(workload(withVariable(text))).env["A"]).toBe(expected);
  });

  it("keeps secrets out of plain variables and as references", () => {
    const spec = workload(withVariable("p:${resources.db.password}"));
    expect(main(spec).env).toEqual({});
    expect(main(spec).secretEnv).toEqual({ A: "main.env.A" });
    expect(spec.secret?.data).toEqual({
      "main.env.A": { $template: ["p:", { ref: "db", output: "password", secret: true }] },
    });
  });

  it.each([
    ["${resources.db.pasword}", "FW3004", "did you mean password?"],
    ["${resources.dc.host}", "FW1208", "did you mean db?"],
    ["${metadata.nam}", "FW1208", "did you mean name?"],
    ["${env.HOME}", "FW1207", "$${env.HOME}"],
  ])("fails %s with %s", (text, code, hint) => {
    const [first] = problemsOf(() => planOf(withVariable(text)));
    expect(first).toContain(`${code} spec.containers.main.variables.A: `);
    expect(first).toContain(hint);
  });

  it("writes a file that mixes a secret with other text, and leaves noExpand and binary files alone", () => {
    const file = { encoding: "text", expand: true } as const;
    const spec = workload(
      testService("one", {
        uses,
        containers: {
          main: {
            ...CONTAINER,
            files: {
              "/etc/a.conf": {
                ...file,
                content: "password=${resources.db.password}\n",
                mode: "0400",
              },
              "/etc/b.conf": { ...file, content: "host=${resources.db.host}\n" },
              "/etc/c.conf": { ...file, expand: false, content: "${resources.db.host}" },
              "/etc/d.bin": { encoding: "binary", expand: true, content: "AAEC" },
            },
          },
        },
      }),
    );
    expect(Object.keys(spec.secret!.data)).toEqual(["main.file.etc_a.conf"]);
    expect(spec.config!.data).toEqual({
      "main.file.etc_b.conf": "host=db.one-test.svc\n",
      "main.file.etc_c.conf": "${resources.db.host}",
    });
    expect(spec.config!.binaryData).toEqual({ "main.file.etc_d.bin": "AAEC" });
    expect(main(spec).mounts.map(({ volume, path }) => `${volume} ${path}`)).toEqual([
      "secret /etc/a.conf",
      "config /etc/b.conf",
      "config /etc/c.conf",
      "config /etc/d.bin",
    ]);
    expect(JSON.stringify(spec.volumes)).toContain('"mode":256');
  });
});
