import { existsSync, readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { ConnectionError } from "./failure.ts";
import { at, listAt, objectAt, textAt, type Json, type JsonObject } from "./json.ts";

/** Where an API server is and how to be let in. */
export interface Access {
  server: URL;
  /** Context and user, for error texts. */
  context: string;
  user: string;
  /** The namespace of the context, if it names one. */
  namespace: string | undefined;
  /** TLS and authentication of a request; asked anew after a 401, because tokens expire and files change. */
  credentials(): Promise<RequestOptions>;
}

/** Which part of a kubeconfig to use. Defaults: its current context and that context's cluster. */
export interface Choice {
  context?: string | undefined;
  cluster?: string | undefined;
}

/**
 * Opens a kubeconfig, given as its text (YAML or JSON) or as the path of a file. Certificates and tokens are read
 * here; whatever needs more (exec plugins, auth providers, a proxy) is left to the official client, which takes
 * half a second to load.
 */
export async function openKubeconfig(kubeconfig: string, choice: Choice = {}): Promise<Access> {
  const file = isText(kubeconfig) ? undefined : kubeconfig;
  const content = file === undefined ? kubeconfig : readKubeconfig(file);
  const config = parse(content) as JsonObject;
  const name = choice.context ?? textAt(config, "current-context");
  const context = named(config, "contexts", name);
  const cluster =
    context && named(config, "clusters", choice.cluster ?? textAt(context, "context", "cluster"));
  const server = textAt(cluster, "cluster", "server");
  if (!context || !cluster || !URL.canParse(server)) {
    const known = listAt(config, "contexts").map((each) => textAt(each, "name"));
    throw new ConnectionError(
      "NO_CONTEXT",
      `the kubeconfig has no usable context ${JSON.stringify(name)}; it knows ${known.join(", ") || "none"}`,
    );
  }
  const user = textAt(context, "context", "user");
  const open = (): Promise<RequestOptions> => {
    const now = (
      file === undefined ? config : (parse(readKubeconfig(file)) as JsonObject)
    ) as JsonObject;
    const [userPart, clusterPart] = [
      objectAt(named(now, "users", user), "user"),
      objectAt(named(now, "clusters", textAt(cluster, "name")), "cluster"),
    ];
    return isPlain(userPart, clusterPart)
      ? Promise.resolve(plainCredentials(userPart, clusterPart, dirname(resolve(file ?? "."))))
      : officialCredentials(file, content, name, textAt(cluster, "name"));
  };
  return {
    server: new URL(server),
    context: name,
    user,
    namespace: textAt(context, "context", "namespace") || undefined,
    credentials: open,
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

function isPlain(user: JsonObject, cluster: JsonObject): boolean {
  return (
    !["exec", "auth-provider", "as", "as-groups", "as-uid", "as-user-extra"].some(
      (key) => user[key] !== undefined,
    ) && cluster["proxy-url"] === undefined
  );
}

function plainCredentials(user: JsonObject, cluster: JsonObject, folder: string): RequestOptions {
  const bytes = (part: JsonObject, key: string): Buffer | undefined => {
    const [data, path] = [textAt(part, `${key}-data`), textAt(part, key)];
    if (data) return Buffer.from(data, "base64");
    return path ? readFileSync(resolve(folder, path)) : undefined;
  };
  const tokenFile = textAt(user, "tokenFile");
  const token = tokenFile
    ? readFileSync(resolve(folder, tokenFile), "utf8").trim()
    : textAt(user, "token");
  const basic =
    textAt(user, "username") &&
    `Basic ${Buffer.from(`${textAt(user, "username")}:${textAt(user, "password")}`).toString("base64")}`;
  const authorization = token ? `Bearer ${token}` : basic;
  const options: RequestOptions = {
    ca: bytes(cluster, "certificate-authority"),
    cert: bytes(user, "client-certificate"),
    key: bytes(user, "client-key"),
    servername: textAt(cluster, "tls-server-name") || undefined,
    rejectUnauthorized: at(cluster, "insecure-skip-tls-verify") === true ? false : undefined,
    headers: authorization ? { authorization } : undefined,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

async function officialCredentials(
  file: string | undefined,
  content: string,
  context: string,
  clusterName: string,
): Promise<RequestOptions> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (file === undefined) config.loadFromString(content);
  else config.loadFromFile(file);
  config.setCurrentContext(context);
  const cluster = config.getCluster(clusterName);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  if (!cluster?.proxyUrl) delete options.agent;
  return {
    ...options,
    ...(cluster?.tlsServerName ? { servername: cluster.tlsServerName } : {}),
    ...(cluster?.skipTLSVerify ? { rejectUnauthorized: false } : {}),
  };
}

function named(config: Json, list: string, name: string): Json | undefined {
  return listAt(config, list).find((each) => textAt(each, "name") === name);
}

function readKubeconfig(file: string): string {
  if (!existsSync(file))
    throw new ConnectionError("NO_KUBECONFIG", `the kubeconfig ${file} does not exist`);
  return readFileSync(file, "utf8");
}

function isText(kubeconfig: string): boolean {
  return kubeconfig.includes("\n") || kubeconfig.trimStart().startsWith("{");
}
