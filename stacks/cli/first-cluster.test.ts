import { beforeAll, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { Workspace } from "../contract/workspace.ts";
import { planWorkspace } from "../plan/workspace.ts";
import { firstCluster } from "./first-cluster.ts";
import { readWorkspace } from "./planning.ts";
import { contextOf } from "./testing.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await readWorkspace(contextOf(checkoutRoot()));
});

const first = (name: string, outputs?: Readonly<Record<string, string>>) =>
  firstCluster(
    workspace.environments[name]!,
    planWorkspace(workspace, { environments: [name] }).plans,
    async () => outputs,
  );

test("a cluster that is still to be made comes alone, with the word for what is next", async () => {
  const { plan, next } = (await first("prod"))!;
  expect(plan.stack).toBe("cloud.prod");
  expect(next).toMatchObject({
    code: "FW7033",
    file: "environments/prod.yaml",
    hint: "when cloud.prod is up, run `aws eks update-kubeconfig --name company-prod --region eu-central-1`, then the same again; in the pipeline set its variable EKS_CLUSTER instead",
  });
  // An update that ended before the cluster was made.
  expect((await first("prod", {}))?.plan.stack).toBe("cloud.prod");
});

test("nothing comes first where the cluster is there, or is not the platform's to make", async () => {
  expect(await first("prod", { clusterSecurityGroup: "sg-1" })).toBeUndefined();
  expect(await first("staging")).toBeUndefined();
  expect(await first("local")).toBeUndefined();
});
