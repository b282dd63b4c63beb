import type { Client } from "./client.ts";
import { statusOf } from "./failure.ts";
import { listAt, textAt, at, type JsonObject } from "./json.ts";

/** What identifies an object to its API server. */
export interface Identity {
  apiVersion: string;
  kind: string;
  /** Empty for a cluster-wide kind, or where the default is meant. */
  namespace: string;
  name: string;
}

/** An object's place in the API. */
export interface Target extends Identity {
  /** Path of its collection, in its namespace. */
  collection: string;
  /** Path of the object. */
  path: string;
}

/** Finds the place of a kind in the API; answers are remembered, a miss is asked again. */
export interface Discovery {
  /** Undefined where the server does not know the kind (yet). */
  find(identity: Identity): Promise<Target | undefined>;
  /** Asks anew next time: what was remembered turned out not to be served. */
  forget(apiVersion: string): void;
}

interface Kind {
  plural: string;
  namespaced: boolean;
}

/** Discovery over one client. */
export function openDiscovery(client: Client): Discovery {
  const groups = new Map<string, Promise<Map<string, Kind>>>();
  const load = (apiVersion: string): Promise<Map<string, Kind>> => {
    const loading = readKinds(client, apiVersion);
    groups.set(apiVersion, loading);
    loading.catch(() => groups.delete(apiVersion));
    return loading;
  };
  return {
    async find(identity) {
      const remembered = groups.get(identity.apiVersion);
      const kind =
        (await remembered)?.get(identity.kind) ??
        (await load(identity.apiVersion)).get(identity.kind);
      return kind && targetOf(identity, kind);
    },
    forget: (apiVersion) => void groups.delete(apiVersion),
  };
}

/** The same place under another name, and in another namespace when one is given. */
export function renamed(target: Target, name: string, namespace = target.namespace): Target {
  const collection = target.namespace
    ? target.collection.replace(`/namespaces/${target.namespace}/`, `/namespaces/${namespace}/`)
    : target.collection;
  return {
    ...target,
    name,
    namespace,
    collection,
    path: `${collection}/${encodeURIComponent(name)}`,
  };
}

/** The identity written in an object. */
export function identityOf(object: JsonObject): Identity {
  return {
    apiVersion: textAt(object, "apiVersion"),
    kind: textAt(object, "kind"),
    namespace: textAt(object, "metadata", "namespace"),
    name: textAt(object, "metadata", "name"),
  };
}

/** The API group of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** The `apiVersion` and `kind` behind a Pulumi type token such as `kubernetes:apps/v1:Deployment`. */
export function kindOfToken(token: string): { apiVersion: string; kind: string } {
  const [, module = "", kind = ""] = token.split(":");
  return { apiVersion: module.replace(/^core\//, ""), kind };
}

function targetOf(identity: Identity, kind: Kind): Target {
  const namespace = kind.namespaced ? identity.namespace || "default" : "";
  const root = groupOf(identity.apiVersion)
    ? `/apis/${identity.apiVersion}`
    : `/api/${identity.apiVersion}`;
  const collection = `${root}${namespace ? `/namespaces/${namespace}` : ""}/${kind.plural}`;
  return {
    ...identity,
    namespace,
    collection,
    path: `${collection}/${encodeURIComponent(identity.name)}`,
  };
}

async function readKinds(client: Client, apiVersion: string): Promise<Map<string, Kind>> {
  const path = groupOf(apiVersion) ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  try {
    const { body } = await client.request({ method: "GET", path });
    const rows = listAt(body, "resources").filter((row) => !textAt(row, "name").includes("/"));
    return new Map(
      rows.map((row) => [
        textAt(row, "kind"),
        { plural: textAt(row, "name"), namespaced: at(row, "namespaced") === true },
      ]),
    );
  } catch (error) {
    if (statusOf(error) === 404) return new Map();
    throw error;
  }
}
