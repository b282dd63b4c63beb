import { homedir } from "node:os";
import path from "node:path";
import { clusterStatus, kubeconfigPath, startCluster } from "../../tools/cluster/cluster.ts";
import { findEngine, obtainEngine, type Engine } from "../../tools/engine/engine.ts";
import type { Environment } from "../contract/environment.ts";
import { remoteState } from "../engine/commands.ts";
import { reachCluster } from "../providers/kubernetes/reach.ts";
import { type Backend, openBackend } from "../state/backend.ts";
import type { Context } from "./command.ts";

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
  return openBackend(context.root, environment, remoteState(context.root, environment, engine));
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
  return reachCluster(environment, context.env, homedir());
}
