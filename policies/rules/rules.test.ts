import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LEVELS } from "../../stacks/contract/environment.ts";
import { SEVERITIES } from "../../stacks/contract/finding.ts";
import { ESTIMATE_RULES, RULES } from "./index.ts";
import { findings, stack } from "./lib/fixture.ts";

describe.each(RULES.map((rule) => [rule.name, rule] as const))("%s", (_, rule) => {
  test("passes the compliant objects", () => expect(findings(rule, stack())).toEqual([]));

  test("is for some type", () => {
    expect(rule.scope === "resource" ? rule.types : ["all"]).not.toEqual([]);
  });
});

describe.each([...RULES, ...ESTIMATE_RULES].map((rule) => [rule.name, rule] as const))(
  "%s",
  (name, rule) => {
    test("is told in full sentences", () => {
      for (const text of [rule.description, rule.why, rule.fix]) {
        expect(text).toMatch(/^[A-Z].{15,}\.$/s);
        expect(text).not.toMatch(/\n/);
      }
      expect(SEVERITIES).toContain(rule.severity);
      expect(LEVELS).toContain(rule.level);
      for (const paths of Object.values(rule.fields)) expect(paths.length).toBeGreaterThan(0);
      for (const { framework, version, id, source } of rule.frameworks)
        for (const part of [framework, version, id, source]) expect(part).not.toBe("");
    });

    test("has its folder, its test and its line", () => {
      expect(name).toMatch(/^[a-z][a-z-]+$/);
      for (const file of [`${name}.ts`, `${name}.test.ts`])
        expect(readdirSync(join(import.meta.dirname, name))).toContain(file);
    });
  },
);

test("every folder is a rule that is listed, once", () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "lib")
    .map(({ name }) => name);
  const listed = [...RULES, ...ESTIMATE_RULES].map(({ name }) => name);
  expect(listed.sort()).toEqual(folders.sort());
});
