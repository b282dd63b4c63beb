import { beforeAll, describe, expect, it } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { stackBase } from "../contract/names.ts";
import type { ResourceView } from "../contract/finding.ts";
import type { Plan } from "../contract/plan.ts";
import { FairwayError } from "../contract/problem.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { planWorkspace } from "../plan/workspace.ts";
import { record } from "./record.ts";

/** Every stack of the checkout's own services, which are the examples. */
let stacks: readonly { readonly plan: Plan; readonly views: readonly ResourceView[] }[];

beforeAll(async () => {
  const workspace = await loadWorkspace(checkoutRoot());
  const environments = Object.keys(workspace.environments);
  const { plans, problems } = planWorkspace(workspace, { environments });
  if (workspace.problems.length + problems.length > 0)
    throw new FairwayError([...workspace.problems, ...problems]);
  stacks = await Promise.all(plans.map(async (plan) => ({ plan, views: await record(plan) })));
}, 120_000);

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
    const misnamed = stacks.flatMap(({ plan, views }) => {
      const names = new Map(views.map((view) => [view.urn, view.name]));
      const right = ({ name, parent = "" }: ResourceView): boolean =>
        names.get(parent) === `fairway-${plan.stack}`
          ? plan.items.some((item) => name === `${stackBase(plan.stack)}-${item.id}`)
          : name.startsWith(`${names.get(parent)}-`);
      return views.filter((view) => !view.type.startsWith("pulumi:") && !right(view));
    });
    expect(misnamed).toEqual([]);
  });

  it("carries the platform's labels on every object but those that it only reads", () => {
    const bare = stacks.flatMap(({ plan, views }) => {
      const wanted = Object.entries(plan.labels);
      return views.filter(({ type, props, read }) => {
        const { metadata } = props as { metadata?: { labels?: Record<string, string> } };
        const found = metadata?.labels ?? {};
        return (
          type.startsWith("kubernetes:") &&
          !read &&
          wanted.some(([key, value]) => found[key] !== value)
        );
      });
    });
    expect(bare.map(({ urn }) => urn)).toEqual([]);
  });

  it("may do in a cloud what its identity explains, and nothing else", () => {
    const policies = stacks
      .filter(({ plan }) => plan.kind === "service")
      .flatMap(({ plan, views }) => {
        const identity = `${stackBase(plan.stack)}-identity-`;
        return views.filter(
          ({ type, name }) => type.startsWith("aws:iam/") && !name.startsWith(identity),
        );
      });
    expect(policies).not.toEqual([]);
    const unexplained = policies.filter(({ type, props }) => {
      // What RDS itself may do to measure: AWS's own policy, in a role that only RDS can take.
      if (type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        return !String(props["policyArn"]).endsWith("/AmazonRDSEnhancedMonitoringRole");
      const { Statement = [] } = JSON.parse(String(props["assumeRolePolicy"] ?? "{}")) as {
        Statement?: { Principal?: object }[];
      };
      const takers = JSON.stringify(Statement.map(({ Principal }) => Principal));
      return takers !== '[{"Service":"monitoring.rds.amazonaws.com"}]';
    });
    expect(unexplained).toEqual([]);
  });
});
