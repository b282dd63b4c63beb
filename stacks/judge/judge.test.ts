import { describe, expect, test } from "vitest";
import { RULES } from "../../policies/rules/index.ts";
import { fixture, KINDS, SETTINGS, stack } from "../../policies/rules/lib/fixture.ts";
import type { ResourceRule, ResourceView, Rule } from "../contract/finding.ts";
import { judge } from "./judge.ts";
import type { JudgeSettings } from "./settings.ts";
import { UNKNOWN } from "../contract/value.ts";

const settings: JudgeSettings = { ...SETTINGS, levels: {} };
const secretOf = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const rule = (check: ResourceRule["check"], more: Partial<ResourceRule> = {}): Rule => ({
  ...(RULES[0] as ResourceRule),
  name: "test",
  types: ["t"],
  check,
  ...more,
});
const resource = (props: ResourceView["props"] = {}, type = "t"): ResourceView => ({
  urn: `urn:pulumi:shop.prod::fairway::${type}::r`,
  type,
  name: "r",
  props,
});
const outcomes = (resources: readonly ResourceView[], rules?: readonly Rule[], own = settings) =>
  judge(resources, own, rules).map(({ outcome, rule: name }) => `${name} ${outcome}`);

describe("judge", () => {
  test("passes what complies, and says which rules it was for", () => {
    const verdicts = judge(stack(), settings);
    expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(["pass"]));
    expect(new Set(verdicts.map((one) => one.rule))).toEqual(new Set(RULES.map((r) => r.name)));
    expect(verdicts).toEqual(judge(stack().toReversed(), settings));
  });

  test("gives a verdict per finding, with level, severity and place", () => {
    const broken = fixture("apps/v1:Deployment", {
      "spec.template.spec.containers[0].securityContext.privileged": true,
    });
    expect(judge(stack(broken), settings).filter(({ outcome }) => outcome === "fail")).toEqual([
      {
        rule: "privileged",
        level: "mandatory",
        severity: "critical",
        stack: "shop.prod",
        urn: broken.urn,
        type: "kubernetes:apps/v1:Deployment",
        name: "shop",
        outcome: "fail",
        message: 'container "main" is privileged',
        path: "spec.template.spec.containers[0].securityContext.privileged",
      },
    ]);
  });

  test("says not-applicable of the stack where no resource was for a rule", () => {
    expect(judge([resource({}, "other")], settings, [rule(() => [])])).toMatchObject([
      {
        outcome: "not-applicable",
        urn: "urn:pulumi:shop.prod::fairway::pulumi:pulumi:Stack::fairway-shop.prod",
      },
    ]);
  });

  test("never calls an unknown value passed, even where the rule swallowed it", () => {
    const careless = rule(({ props }) => {
      try {
        return props["a"] === 1 ? [{ message: "one" }] : [];
      } catch {
        return [];
      }
    });
    expect(judge([resource({ a: UNKNOWN })], settings, [careless])).toMatchObject([
      { outcome: "unproven", message: "`a` is not known yet", path: "a" },
    ]);
  });

  test("lets a known violation of one container win over an unknown one in another", () => {
    const pod = fixture("core/v1:Pod", {
      "spec.containers[0].securityContext": UNKNOWN,
      "spec.initContainers[0].securityContext.privileged": true,
    });
    const privileged = judge([pod], settings).filter((one) => one.rule === "privileged");
    expect(privileged).toMatchObject([
      { outcome: "fail", path: "spec.initContainers[0].securityContext.privileged" },
    ]);
  });

  test("leaves no rule that reads an unknown object passed", () => {
    for (const kind of KINDS) {
      const all = judge(
        [fixture(kind, { metadata: UNKNOWN, spec: UNKNOWN, data: UNKNOWN })],
        settings,
      )
        .filter(({ type, outcome }) => type === `kubernetes:${kind}` && outcome === "pass")
        .map((one) => one.rule);
      // Nothing of a ServiceAccount that this rule reads is unknown here.
      expect([kind, ...all]).toEqual(
        kind === "core/v1:ServiceAccount" ? [kind, "service-account"] : [kind],
      );
    }
  });

  test("fails closed: a rule that throws, or writes, is an error", () => {
    const broken = rule(() => {
      throw new Error("oops");
    });
    const writing = rule(({ props }) => {
      (props as Record<string, unknown>)["a"] = 1;
      return [];
    });
    expect(outcomes([resource()], [broken])).toEqual(["test error"]);
    expect(outcomes([resource()], [writing])).toEqual(["test error"]);
  });

  test("unwraps secrets for the rules and keeps them out of the messages", () => {
    const telling = rule(({ props }) => [{ message: `found ${String(props["password"])}` }]);
    const failing = rule(({ props }) => {
      throw new Error(`cannot read ${String(props["password"])}`);
    });
    const given = [resource({ password: secretOf("hunter2") })];
    expect(judge(given, settings, [telling])[0]?.message).toBe("found [secret]");
    expect(judge(given, settings, [failing])[0]?.message).toBe(
      "the rule itself failed: Error: cannot read [secret]",
    );
  });

  test("takes levels from the settings and leaves disabled rules out", () => {
    const found = rule(() => [{ message: "x" }]);
    const level = (own: JudgeSettings["levels"]) =>
      judge([resource()], { ...settings, levels: own }, [found]).map((one) => one.level);
    expect(level({})).toEqual(["mandatory"]);
    expect(level({ test: "advisory" })).toEqual(["advisory"]);
    expect(level({ test: "disabled" })).toEqual([]);
    expect(level(JSON.parse('{"__proto__": "disabled"}') as JudgeSettings["levels"])).toEqual([
      "mandatory",
    ]);
  });

  test("judges several stacks apart", () => {
    const other = resource();
    const dev = { ...other, urn: other.urn.replace("prod", "dev") };
    expect(judge([other, dev], settings, [rule(() => [])]).map((one) => one.stack)).toEqual([
      "shop.dev",
      "shop.prod",
    ]);
  });
});

test("what comes from a resource is no literal; what was written is, and an unknown list is unproven", () => {
  const of = (env: unknown, args: unknown = []) =>
    judge(
      [
        fixture("apps/v1:Deployment", {
          spec: { template: { spec: { containers: [{ name: "main", env, args }] } } },
        }),
      ],
      settings,
    )
      .filter(
        ({ rule: name, outcome }) => name === "secret-literals" && outcome !== "not-applicable",
      )
      .map(({ outcome }) => outcome);
  expect(of([{ name: "DATABASE_HOST", value: UNKNOWN }])).toEqual(["pass"]);
  expect(
    of([
      { name: "DATABASE_HOST", value: UNKNOWN },
      { name: "API_TOKEN", value: "hunter2-planted" },
    ]),
  ).toEqual(["fail"]);
  expect(of(UNKNOWN)).toEqual(["unproven"]);
  expect(of([], [UNKNOWN, "--verbose", "--token", UNKNOWN])).toEqual(["pass"]);
  expect(of([], [UNKNOWN, "--token=hunter2-planted"])).toEqual(["fail"]);
  expect(of([], UNKNOWN)).toEqual(["unproven"]);
});
