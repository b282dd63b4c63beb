import { describe, expect, test } from "vitest";
import type { Rule, RuleSettings } from "../../../stacks/contract/finding.ts";
import { type Changes, findings, fixture, type Kind, stack } from "./fixture.ts";
import { POD_TYPES } from "./pods.ts";

/** One way to break the compliant fixture, and where the rule must see it. */
interface Case {
  readonly title: string;
  /** Relative to what the case is about. */
  readonly set: Changes;
  /** Relative paths of what is found, in order; none: it still passes. */
  readonly finds: readonly string[];
  readonly settings?: Partial<RuleSettings>;
}

export interface Suite {
  /** Each is tried on every list of containers of every kind that the rule is for. */
  readonly containers?: readonly (Case & { readonly lists?: readonly string[] })[];
  /** Each is tried on the pod of every kind that the rule is for. */
  readonly pods?: readonly Case[];
  readonly objects?: readonly (Case & { readonly on: Kind })[];
}

const LISTS = ["containers", "initContainers", "ephemeralContainers"];

/** Describes a rule on one resource: what complies passes, and each case is seen where it is. */
export function suite(rule: Rule, { containers = [], pods = [], objects = [] }: Suite): void {
  const types = rule.scope === "resource" ? rule.types : [];
  const kinds = POD_TYPES.filter((type) => types.includes(type)).map(
    (type) => type.slice("kubernetes:".length) as Kind,
  );
  const expectSeen = (kind: Kind, prefix: string, { set, finds, settings }: Case) => {
    const full = (path: string) => [prefix, path].filter((part) => part !== "").join(".");
    const changes = Object.fromEntries(
      Object.entries(set).map(([path, value]) => [full(path), value]),
    );
    const found = findings(rule, fixture(kind, changes), settings);
    expect({ kind, paths: found.map(({ path }) => path) }).toEqual({
      kind,
      paths: finds.map(full),
    });
    for (const { message } of found) expect(message).toMatch(/^\S.*[^.\s]$/);
  };

  describe(`rule ${rule.name}`, () => {
    test("passes what complies", () => {
      expect(findings(rule, stack())).toEqual([]);
    });
    test.each(containers)("$title", (one) => {
      for (const kind of kinds)
        for (const list of one.lists ?? LISTS) expectSeen(kind, `${podPath(kind)}.${list}[0]`, one);
    });
    test.each(pods)("$title", (one) => {
      for (const kind of kinds) expectSeen(kind, podPath(kind), one);
    });
    test.each(objects)("$title", (one) => expectSeen(one.on, "", one));
  });
}

/** Path of the pod's spec in a kind. */
function podPath(kind: Kind): string {
  if (kind === "core/v1:Pod") return "spec";
  return kind === "batch/v1:CronJob" ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec";
}
