import { beforeAll, describe, expect, it } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { ResourceView } from "../contract/finding.ts";
import type { Plan } from "../contract/plan.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { planWorkspace } from "../plan/workspace.ts";
import { record } from "./record.ts";

/** Every stack of the checkout's own services, which are the examples. */
let stacks: readonly { readonly plan: Plan; readonly views: readonly ResourceView[] }[];

beforeAll(async () => {
  const workspace = await loadWorkspace(checkoutRoot());
  const environments = Object.keys(workspace.environments);
  const { plans, problems } = planWorkspace(workspace, { environments });
  expect([...workspace.problems, ...problems]).toEqual([]);
  stacks = await Promise.all(plans.map(async (plan) => ({ plan, views: await record(plan) })));
});

const short = (urn: string): string => urn.split("::").slice(2).join("::");

describe("what the example services register", () => {
  it("keeps its URNs: a changed one would replace what runs", () => {
    expect(
      Object.fromEntries(
        stacks.map(({ plan, views }) => [plan.stack, views.map(({ urn }) => short(urn))]),
      ),
    ).toMatchSnapshot();
  });

  it("is what it was, object by object, for user-service", () => {
    expect(stacks.find(({ plan }) => plan.stack === "user-service.local")?.views).toMatchSnapshot();
  });

  it("is named after its item, and children after their parent", () => {
    for (const { plan, views } of stacks) {
      const components = new Set(plan.items.map((item) => `${plan.name}-${item.id}`));
      const names = new Map(views.map((view) => [view.urn, view.name]));
      for (const { name, type, parent } of views) {
        if (type.startsWith("pulumi:")) continue;
        const above = names.get(parent ?? "");
        if (above === `fairway-${plan.stack}`) expect(components).toContain(name);
        else expect(name.startsWith(`${above}-`), `${name} under ${above}`).toBe(true);
      }
    }
  });

  it("carries the platform's labels on every object", () => {
    for (const { plan, views } of stacks)
      for (const { type, props, name } of views) {
        const { metadata } = props as { metadata?: { labels?: Record<string, string> } };
        if (type.startsWith("kubernetes:"))
          expect(metadata?.labels, `${plan.stack} ${name}`).toMatchObject(plan.labels);
      }
  });
});
