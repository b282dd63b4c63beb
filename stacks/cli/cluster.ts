import type { Environment } from "../contract/environment.ts";
import { FairwayError, problem } from "../contract/problem.ts";
import { openClient, type Client } from "../providers/kubernetes/client.ts";
import { openKubeconfig } from "../providers/kubernetes/kubeconfig.ts";
import { ApiError, ConnectionError, statusOf } from "../providers/kubernetes/failure.ts";
import type { Context } from "./command.ts";
import { kubeconfigFor } from "./surroundings.ts";

/** A server that does not answer, or refuses, is no defect of ours. */
function unreachable(error: unknown, environment: Environment): unknown {
  if (!(error instanceof ConnectionError || error instanceof ApiError)) return error;
  return new FairwayError(
    problem("FW5901", `the cluster of \`${environment.name}\` cannot be asked: ${error.message}`, {
      hint:
        "embedded" in environment.cluster
          ? "run `fairway cluster status`, or `fairway cluster up`"
          : "look at the server, the credentials and their rights, then run it again",
    }),
  );
}

/** The parts of a Kubernetes object that commands read. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
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
  } catch (error) {
    throw unreachable(error, environment);
  } finally {
    client.close();
  }
}
