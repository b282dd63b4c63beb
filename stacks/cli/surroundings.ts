import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { clusterStatus, kubeconfigPath, startCluster } from "../../tools/cluster/cluster.ts";
import { findEngine, obtainEngine, type Engine } from "../../tools/engine/engine.ts";
import type { Environment } from "../contract/environment.ts";
import { fail } from "../contract/problem.ts";
import { remoteReader } from "../engine/commands.ts";
import { type Backend, openBackend } from "../state/backend.ts";
import type { Context } from "./command.ts";
import { assertEks } from "./eks.ts";

/** Folder of the local control plane: it belongs to the checkout and serves every root. */
export const clusterFolder = (context: Context): string =>
  path.join(context.checkout, ".fairway", "cluster");

/** The engine, set up where it is missing. */
export async function engineFor(context: Context): Promise<Engine> {
  const found = await findEngine();
  if (found) return found;
  const step = context.progress.step("Pulumi engine");
  const engine = await obtainEngine({ progress: step.say, signal: context.signal });
  step.end(`${engine.version} (${engine.source})`);
  return engine;
}

/** Where an environment keeps its state; what is not in a folder is read through the engine. */
export async function backendFor(context: Context, environment: Environment): Promise<Backend> {
  const backend = openBackend(context.root, environment);
  if (backend.folder !== undefined) return backend;
  const engine = await engineFor(context);
  return openBackend(context.root, environment, remoteReader(context.root, environment, engine));
}

/** The kubeconfig of an environment's cluster; the local control plane is started where it does not run. */
export async function kubeconfigFor(context: Context, environment: Environment): Promise<string> {
  if ("embedded" in environment.cluster) {
    const folder = clusterFolder(context);
    const status = await clusterStatus(folder);
    if (status.state !== "running") {
      const step = context.progress.step("local control plane");
      await startCluster({ dir: folder, progress: step.say, signal: context.signal });
      step.end();
    }
    return kubeconfigPath(folder);
  }
  const named = "context" in environment.cluster ? environment.cluster.kubeconfig : undefined;
  const file =
    named ??
    context.env["KUBECONFIG"]?.split(path.delimiter)[0] ??
    path.join(homedir(), ".kube", "config");
  if (existsSync(file)) {
    assertEks(environment, file);
    return file;
  }
  return fail(
    "FW5901",
    `the cluster of \`${environment.name}\` cannot be reached: there is no kubeconfig at ${file}`,
    {
      file: environment.file,
      path: "spec.cluster",
      hint:
        "eks" in environment.cluster
          ? `log in to the account and run \`aws eks update-kubeconfig --name ${environment.cluster.eks}\`, or set KUBECONFIG`
          : "set KUBECONFIG to a file that holds the context",
    },
  );
}
