import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Environment } from "../../contract/environment.ts";
import { fail } from "../../contract/problem.ts";
import { listAt, objectAt, textAt } from "./json.ts";
import { loadKubeconfig } from "./kubeconfig.ts";

/**
 * The kubeconfig of an environment whose cluster is not the local control plane: the file that it names, else what
 * kubectl would read, which may be several files as in `KUBECONFIG`.
 * @param env Variables: `KUBECONFIG`.
 * @param home Folder of the user.
 * @throws FairwayError with FW5901 where there is none, or where it leads to another cluster.
 */
export function reachCluster(
  environment: Environment,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const { cluster } = environment;
  const named = "context" in cluster ? cluster.kubeconfig : undefined;
  const files = named ?? (env["KUBECONFIG"] || join(home, ".kube", "config"));
  if (!files.split(delimiter).some((file) => existsSync(file)))
    fail(
      "FW5901",
      `the cluster of \`${environment.name}\` cannot be reached: there is no kubeconfig at ${files}`,
      {
        file: environment.file,
        path: "spec.cluster",
        hint:
          "eks" in cluster
            ? `log in to the account and run \`aws eks update-kubeconfig --name ${cluster.eks}\`, or set KUBECONFIG`
            : "set KUBECONFIG to a file that holds the context",
      },
    );
  assertEks(environment, files);
  return files;
}

/**
 * Refuses a kubeconfig whose current context leads to another cluster than the environment's EKS cluster: what happens
 * to be the current context never decides what is deployed to. `aws eks update-kubeconfig` names a cluster's entry by
 * its ARN whatever alias the context gets; eksctl names it `<name>.<region>.eksctl.io`.
 * @throws FairwayError with FW5901.
 */
function assertEks(environment: Environment, file: string): void {
  const { cluster, cloud } = environment;
  if (!("eks" in cluster)) return;
  const kubeconfig = loadKubeconfig(file);
  const current = textAt(kubeconfig, "current-context");
  const context = listAt(kubeconfig, "contexts").find((each) => textAt(each, "name") === current);
  const found = textAt(objectAt(context), "context", "cluster");
  if (namesOf(cluster.eks, cloud).test(found)) return;
  const region = cloud.provider === "aws" ? ` --region ${cloud.region}` : "";
  fail(
    "FW5901",
    `the current context ${current || "(none)"} of ${file} leads to the cluster ${found || "(none)"}, and \`${environment.name}\` runs in the EKS cluster ${cluster.eks}`,
    {
      file: environment.file,
      path: "spec.cluster",
      hint: `run \`aws eks update-kubeconfig --name ${cluster.eks}${region}\`; or name a context in the environment file (\`cluster: {context: <name>}\`)`,
    },
  );
}

/** What the entry of an EKS cluster is called in a kubeconfig. */
function namesOf(name: string, cloud: Environment["cloud"]): RegExp {
  const [region, account] =
    cloud.provider === "aws" ? [cloud.region, cloud.account] : ["[\\w-]+", "\\d+"];
  return new RegExp(
    `^(arn:aws[\\w-]*:eks:${region}:${account}:cluster/${name}|${name}\\.${region}\\.eksctl\\.io)$`,
  );
}
