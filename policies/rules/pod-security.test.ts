import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { ResourceRule, ResourceView } from "../../stacks/contract/finding.ts";
import { SETTINGS } from "./lib/fixture.ts";
import { RULES } from "./index.ts";

/** Pods that the Pod Security Standards of Kubernetes 1.35 admit or refuse, from k8s.io/pod-security-admission (Apache-2.0). */
const FIXTURES = join(import.meta.dirname, "../../../shared/fixtures/pod-security");
const STANDARD = "Pod Security Standards";

const rules = RULES.filter(
  (rule): rule is ResourceRule =>
    rule.scope === "resource" && rule.frameworks.some(({ framework }) => framework === STANDARD),
);

const cases = existsSync(FIXTURES)
  ? ["baseline", "restricted"].flatMap((level) =>
      ["pass", "fail"].flatMap((verdict) =>
        readdirSync(join(FIXTURES, level, verdict)).map((file) => ({
          level,
          verdict,
          check: file.replace(/\d*\.yaml$/, ""),
          file: join(level, verdict, file),
        })),
      ),
    )
  : [];

function pod(file: string): ResourceView {
  const props = parse(readFileSync(join(FIXTURES, file), "utf8")) as ResourceView["props"];
  const type = "kubernetes:core/v1:Pod";
  return { urn: `urn:pulumi:a.prod::fairway::${type}::pod`, type, name: "pod", props };
}

const implementing = (check: string) =>
  rules.filter(({ frameworks }) =>
    frameworks.some(({ framework, id }) => framework === STANDARD && id.toLowerCase() === check),
  );
const found = (some: readonly ResourceRule[], file: string) =>
  some.flatMap((rule) => rule.check(pod(file), SETTINGS));

const state = cases.length > 0 ? "here" : "not here and were left out";

describe(`the admission controller's own pods, which are ${state}`, () => {
  test("every control of both standards that they are about has a rule", () => {
    const checks = new Set(
      cases.map(({ check }) => check).filter((one) => !one.startsWith("base")),
    );
    expect([0, 19]).toContain(checks.size);
    const missing = [...checks].filter((check) => implementing(check).length === 0);
    expect(missing).toEqual([]);
  });

  test.each(cases.filter(({ verdict }) => verdict === "fail"))("fails $file", ({ check, file }) => {
    expect(found(implementing(check), file)).not.toEqual([]);
  });

  test.each(cases.filter(({ level, verdict }) => `${level} ${verdict}` === "restricted pass"))(
    "passes $file",
    ({ file }) => {
      expect(found(rules, file)).toEqual([]);
    },
  );

  // Where a control has a restricted form, our rule is that form; the others must pass what baseline passes.
  const tightened = ["capabilities_baseline", "seccompprofile_baseline", "procmount", "base"];
  test.each(
    cases.filter(
      ({ level, verdict, check }) =>
        `${level} ${verdict}` === "baseline pass" && !tightened.includes(check),
    ),
  )("passes $file in its own control", ({ check, file }) => {
    expect(found(implementing(check), file)).toEqual([]);
  });
});
