import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { Environment } from "../contract/environment.ts";
import { environmentSchema } from "../contract/environment.ts";
import { levelProblems } from "./levels.ts";
import { readLevels } from "./organisation.ts";
import { settingsOf } from "./settings.ts";

const dir = mkdtempSync(join(tmpdir(), "fairway-levels-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function environment(spec: object): Environment {
  const document = environmentSchema.parse({
    apiVersion: "platform.company.com/v1",
    kind: "Environment",
    metadata: { name: "prod" },
    spec: {
      cluster: { embedded: true },
      domain: "example.com",
      registry: "registry.example.com",
      registries: ["registry.example.com/"],
      resources: [],
      ...spec,
    },
  });
  return { ...document.spec, name: "prod", file: "environments/prod.yaml" };
}
const read = (text: string) => {
  const file = join(dir, "levels.yaml");
  writeFileSync(file, text);
  return readLevels(file);
};

test("the organisation's own levels are valid", () => {
  expect(() => readLevels(join(checkoutRoot(), "policies/levels.yaml"))).not.toThrow();
});

test("an environment's level counts over the organisation's", () => {
  const levels = { probes: "advisory", labels: "disabled" } as const;
  const own = environment({ policies: { levels: { labels: "mandatory" } } });
  expect(settingsOf(own, levels)).toEqual({
    environment: "prod",
    registries: ["registry.example.com/"],
    digest: "optional",
    minReplicas: 1,
    levels: { probes: "advisory", labels: "mandatory" },
  });
});

test("reads levels, and an empty file as none", () => {
  expect(read("levels:\n  probes: advisory\n")).toEqual({ probes: "advisory" });
  expect(read("levels:\n")).toEqual({});
  expect(read("")).toEqual({});
});

test("fails on what is no map of levels, and on a rule that does not exist", () => {
  expect(() => read("levels: [probes]")).toThrow("FW4003");
  expect(() => read("levels:\n  probes: sometimes\n")).toThrow("FW4003");
  expect(() => read("rules: {}")).toThrow("FW4003");
  expect(() => read("levels:\n  prob: advisory\n")).toThrow("there is no rule `prob`");
  expect(() => read("levels: {a: 1, a: 2}")).toThrow("FW4003");
});

test("finds a mistyped rule in an environment, with its place", () => {
  expect(
    levelProblems([environment({ policies: { levels: { latest: "disabled" } } })]),
  ).toMatchObject([
    {
      code: "FW4003",
      message: "there is no rule `latest`",
      file: "environments/prod.yaml",
      path: "spec.policies.levels.latest",
    },
  ]);
});
