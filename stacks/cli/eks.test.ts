import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { Environment } from "../contract/environment.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { kubeconfigFor } from "./surroundings.ts";
import { contextOf, problemsOf } from "./testing.ts";

let folder: string;
let file: string;
let prod: Environment;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fairway-eks-"));
  file = join(folder, "kubeconfig");
  prod = (await loadWorkspace(checkoutRoot())).environments["prod"]!;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is wrong with a kubeconfig whose current context, called `mine`, leads to that cluster. */
function reach(cluster: string, environment = prod): Promise<string[]> {
  writeFileSync(
    file,
    JSON.stringify({
      "current-context": "mine",
      clusters: [{ name: cluster, cluster: { server: "https://127.0.0.1:1" } }],
      contexts: [{ name: "mine", context: { cluster, user: "me" } }],
    }),
  );
  return problemsOf(() =>
    kubeconfigFor(contextOf(folder, { env: { KUBECONFIG: file } }), environment),
  );
}

test.each([
  "arn:aws:eks:eu-central-1:333333333333:cluster/company-prod",
  "company-prod.eu-central-1.eksctl.io",
])(
  "an environment's EKS cluster is reached by the current context that leads to it: %s",
  async (name) => {
    expect(await reach(name)).toEqual([]);
  },
);

test.each([
  ["another cluster", "arn:aws:eks:eu-central-1:333333333333:cluster/company-dev"],
  ["another account", "arn:aws:eks:eu-central-1:111111111111:cluster/company-prod"],
  ["another region", "arn:aws:eks:us-east-1:333333333333:cluster/company-prod"],
  ["a longer name", "arn:aws:eks:eu-central-1:333333333333:cluster/company-prod-old"],
  ["a cluster of one's own machine", "kind-kind"],
])("fails where the current context leads to %s", async (_, name) => {
  expect(await reach(name)).toEqual([
    `FW5901 the current context mine of ${file} leads to the cluster ${name}, and \`prod\` runs in the EKS cluster company-prod | run \`aws eks update-kubeconfig --name company-prod --region eu-central-1\`; or name a context in the environment file (\`cluster: {context: <name>}\`)`,
  ]);
});

test("a named context is taken whatever is current", async () => {
  expect(await reach("kind-kind", { ...prod, cluster: { context: "other" } })).toEqual([]);
});
