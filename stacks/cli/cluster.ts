import type { Environment } from "../contract/environment.ts";
import { openClient, type Client } from "../providers/kubernetes/client.ts";
import { openKubeconfig } from "../providers/kubernetes/kubeconfig.ts";
import { statusOf } from "../providers/kubernetes/failure.ts";
import type { Context } from "./command.ts";
import { kubeconfigFor } from "./surroundings.ts";

/** The parts of a Kubernetes object that commands read. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** Asks the API server of an environment. */
export interface ClusterReader {
  /** Items of a collection, such as `/apis/apps/v1/namespaces/x/deployments`; empty where it does not exist. */
  list(path: string, query?: Record<string, string>): Promise<readonly KubernetesObject[]>;
  readonly client: Client;
}

/** Opens an environment's cluster for one piece of work. */
export async function withCluster<T>(
  context: Context,
  environment: Environment,
  work: (reader: ClusterReader) => Promise<T>,
): Promise<T> {
  const kubeconfig = await kubeconfigFor(context, environment);
  const choice = "context" in environment.cluster ? { context: environment.cluster.context } : {};
  const client = openClient(await openKubeconfig(kubeconfig, choice), () =>
    context.now().getTime(),
  );
  const reader: ClusterReader = {
    client,
    async list(path, query) {
      try {
        const { body } = await client.request({
          method: "GET",
          path,
          ...(query && { query }),
          signal: context.signal,
        });
        return (body as { items?: readonly KubernetesObject[] }).items ?? [];
      } catch (error) {
        if (statusOf(error) === 404) return [];
        throw error;
      }
    },
  };
  try {
    return await work(reader);
  } finally {
    client.close();
  }
}
