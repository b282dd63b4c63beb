import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import type { Environment } from "../../contract/environment.ts";
import { loadWorkspace } from "../../load/workspace.ts";
import { FairwayError } from "../../contract/problem.ts";
import { reachCluster } from "./reach.ts";

let folder: string;
let file: string;
let prod: Environment;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fairway-eks-"));
  file = join(folder, "kubeconfig");
  prod = (await loadWorkspace(checkoutRoot())).environments["prod"]!;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is wrong with a kubeconfig; nothing where it is taken. */
function wrong(files: string, environment = prod): string[] {
  try {
    expect(reachCluster(environment, { KUBECONFIG: files }, folder)).toBe(files);
  } catch (error) {
    if (!FairwayError.is(error)) throw error;
    return error.problems.map(({ code, message, hint }) => `${code} ${message} | ${hint}`);
  }
  return [];
}

/** The same of one whose current context, called `mine`, leads to that cluster. */
function reach(cluster: string, environment = prod): string[] {
  writeFileSync(
    file,
    JSON.stringify({
      "current-context": "mine",
      clusters: [{ name: cluster, cluster: { server: "https://127.0.0.1:1" } }],
      contexts: [{ name: "mine", context: { cluster, user: "me" } }],
    }),
  );
  return wrong(file, environment);
}

test.each([
  "arn:aws:eks:eu-central-1:333333333333:cluster/company-prod",
  "company-prod.eu-central-1.eksctl.io",
])(
  "an environment's EKS cluster is reached by the current context that leads to it: %s",
  (name) => {
    expect(reach(name)).toEqual([]);
  },
);

test.each([
  ["another cluster", "arn:aws:eks:eu-central-1:333333333333:cluster/company-dev"],
  ["another account", "arn:aws:eks:eu-central-1:111111111111:cluster/company-prod"],
  ["another region", "arn:aws:eks:us-east-1:333333333333:cluster/company-prod"],
  ["a longer name", "arn:aws:eks:eu-central-1:333333333333:cluster/company-prod-old"],
  ["a cluster of one's own machine", "kind-kind"],
])("fails where the current context leads to %s", (_, name) => {
  expect(reach(name)).toEqual([
    `FW5901 the current context mine of ${file} leads to the cluster ${name}, and \`prod\` runs in the EKS cluster company-prod | run \`aws eks update-kubeconfig --name company-prod --region eu-central-1\`; or name a context in the environment file (\`cluster: {context: <name>}\`)`,
  ]);
});

test("a named context is taken whatever is current", () => {
  expect(reach("kind-kind", { ...prod, cluster: { context: "other" } })).toEqual([]);
});

test("KUBECONFIG may list several files, of which some are absent: they are read as one", () => {
  const contexts = join(folder, "contexts");
  const clusters = join(folder, "clusters");
  const name = "arn:aws:eks:eu-central-1:333333333333:cluster/company-prod";
  writeFileSync(
    contexts,
    JSON.stringify({
      "current-context": "mine",
      contexts: [{ name: "mine", context: { cluster: name, user: "me" } }],
    }),
  );
  writeFileSync(clusters, JSON.stringify({ clusters: [{ name, cluster: {} }] }));
  expect(wrong([join(folder, "absent"), clusters, contexts].join(delimiter))).toEqual([]);
  expect(wrong([join(folder, "absent"), clusters].join(delimiter))[0]).toMatch(
    /^FW5901 the current context \(none\) of /,
  );
});

test("fails where there is no kubeconfig at all", () => {
  expect(wrong(join(folder, "absent"))).toEqual([
    `FW5901 the cluster of \`prod\` cannot be reached: there is no kubeconfig at ${folder}/absent | log in to the account and run \`aws eks update-kubeconfig --name company-prod\`, or set KUBECONFIG`,
  ]);
});
