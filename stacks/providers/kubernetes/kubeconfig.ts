import { existsSync, readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { delimiter, dirname, resolve } from "node:path";
import { parse } from "yaml";
import { ConnectionError } from "./failure.ts";
import { at, listAt, mapScalars, objectAt, textAt, type Json, type JsonObject } from "./json.ts";

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
 * Opens a kubeconfig, given as its text (YAML or JSON) or as the path of a file, or of several as in `KUBECONFIG`.
 * Certificates and tokens are read here; whatever needs more (exec plugins, auth providers, a proxy) is left to the
 * official client, which takes half a second to load.
 */
export async function openKubeconfig(kubeconfig: string, choice: Choice = {}): Promise<Access> {
  const config = loadKubeconfig(kubeconfig);
  const name = choice.context ?? textAt(config, "current-context");
  const context = named(config, "contexts", name);
  const cluster = choice.cluster ?? textAt(context, "context", "cluster");
  const user = textAt(context, "context", "user");
  const server = textAt(named(config, "clusters", cluster), "cluster", "server");
  if (!context || !URL.canParse(server)) {
    const known = listAt(config, "contexts").map((each) => textAt(each, "name"));
    throw new ConnectionError(
      "NO_CONTEXT",
      `the kubeconfig has no usable context ${JSON.stringify(name)}; it knows ${known.join(", ") || "none"}`,
    );
  }
  const credentials = async (): Promise<RequestOptions> => {
    const now = loadKubeconfig(kubeconfig);
    const [userPart, clusterPart] = [
      objectAt(named(now, "users", user), "user"),
      objectAt(named(now, "clusters", cluster), "cluster"),
    ];
    return isPlain(userPart, clusterPart)
      ? plainCredentials(userPart, clusterPart)
      : await officialCredentials(now, name, cluster);
  };
  return {
    server: new URL(server),
    context: name,
    user,
    namespace: textAt(context, "context", "namespace") || undefined,
    credentials,
  };
}

const FILES = new Set(["certificate-authority", "client-certificate", "client-key", "tokenFile"]);

/** The kubeconfig as one object; several files are merged, the first that names a thing wins, and paths in them become absolute. */
export function loadKubeconfig(kubeconfig: string): JsonObject {
  if (kubeconfig.includes("\n") || kubeconfig.trimStart().startsWith("{"))
    return objectAt(parse(kubeconfig) as Json);
  const files = kubeconfig.split(delimiter).filter((file) => file && existsSync(file));
  if (files.length === 0)
    throw new ConnectionError("NO_KUBECONFIG", `the kubeconfig ${kubeconfig} does not exist`);
  const parts = files.map((file) => {
    const content = objectAt(parse(readFileSync(file, "utf8")) as Json);
    return mapScalars(content, (scalar, path) =>
      typeof scalar === "string" && scalar && FILES.has(String(path.at(-1)))
        ? resolve(dirname(file), scalar)
        : scalar,
    ) as JsonObject;
  });
  const lists = ["contexts", "clusters", "users"].map((list) => [
    list,
    parts.flatMap((part) => listAt(part, list)),
  ]);
  return {
    ...Object.fromEntries(lists),
    "current-context": parts.map((part) => textAt(part, "current-context")).find(Boolean) ?? "",
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

function plainCredentials(user: JsonObject, cluster: JsonObject): RequestOptions {
  const bytes = (part: JsonObject, key: string): Buffer | undefined => {
    const [data, path] = [textAt(part, `${key}-data`), textAt(part, key)];
    if (data) return Buffer.from(data, "base64");
    return path ? readFileSync(path) : undefined;
  };
  const tokenFile = textAt(user, "tokenFile");
  const token = tokenFile ? readFileSync(tokenFile, "utf8").trim() : textAt(user, "token");
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
  kubeconfig: JsonObject,
  context: string,
  clusterName: string,
): Promise<RequestOptions> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(JSON.stringify(kubeconfig));
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
