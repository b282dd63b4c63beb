import type { RequestOptions } from "node:https";
import { ConnectionError } from "./failure.ts";

/** Where an API server is and how to be let in. */
export interface Access {
  server: URL;
  /** Context, user and cluster for error texts. */
  context: string;
  user: string;
  /** The namespace of the context, if it names one. */
  namespace: string | undefined;
  /** TLS and authentication of a request; asked anew after a 401, because tokens expire. */
  credentials(): Promise<RequestOptions>;
}

/** Which part of a kubeconfig to use. Defaults: its current context and that context's cluster. */
export interface Choice {
  context?: string | undefined;
  cluster?: string | undefined;
}

/**
 * Opens a kubeconfig, given as its text (YAML or JSON) or as the path of a file. Authentication (certificates,
 * tokens, exec plugins, OIDC) is the official client's.
 */
export async function openKubeconfig(kubeconfig: string, choice: Choice = {}): Promise<Access> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const load = (): InstanceType<typeof KubeConfig> => {
    const config = new KubeConfig();
    if (isText(kubeconfig)) config.loadFromString(kubeconfig);
    else config.loadFromFile(kubeconfig);
    if (choice.context) config.setCurrentContext(choice.context);
    return config;
  };
  let config = load();
  const context = config.getContextObject(config.getCurrentContext());
  const cluster = config.getCluster(choice.cluster ?? context?.cluster ?? "");
  if (!context || !cluster) {
    const known = config.getContexts().map((each) => each.name);
    throw new ConnectionError(
      "NO_CONTEXT",
      `the kubeconfig has no usable context ${JSON.stringify(config.getCurrentContext())}; it knows ${known.join(", ") || "none"}`,
    );
  }
  return {
    server: new URL(cluster.server),
    context: context.name,
    user: context.user,
    namespace: context.namespace,
    async credentials() {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      if (!cluster.proxyUrl) delete options.agent;
      config = load();
      return {
        ...options,
        ...(cluster.tlsServerName ? { servername: cluster.tlsServerName } : {}),
        ...(cluster.skipTLSVerify ? { rejectUnauthorized: false } : {}),
      };
    },
  };
}

/** The address of the cluster a kubeconfig leads to; undefined where it cannot be read. */
export async function clusterAddress(
  kubeconfig: string,
  choice: Choice = {},
): Promise<string | undefined> {
  try {
    return (await openKubeconfig(kubeconfig, choice)).server.href;
  } catch {
    return undefined;
  }
}

function isText(kubeconfig: string): boolean {
  return kubeconfig.includes("\n") || kubeconfig.trimStart().startsWith("{");
}
