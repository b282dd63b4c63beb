import type { Environment } from "../contract/environment.ts";
import { LABELS, SECRET_STORE, storedSecret } from "../contract/names.ts";
import { fail } from "../contract/problem.ts";
import type { Client } from "../providers/kubernetes/client.ts";
import { statusOf } from "../providers/kubernetes/failure.ts";
import { withCluster } from "./cluster.ts";
import type { Context } from "./command.ts";
import type { SecretStore } from "./secret-store.ts";

/** A Secret as the cluster's store keeps it. */
export interface ClusterSecret {
  /** Name in the store's namespace. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Default `Opaque`. */
  readonly type?: string;
  readonly key: string;
  readonly value: string;
}

/** The environment's cluster as a store of secrets: a namespace of its own that no service reads. */
export const withClusterStore = <T>(
  context: Context,
  environment: Environment,
  work: (store: SecretStore) => Promise<T>,
): Promise<T> =>
  withCluster(context, environment, ({ client }) =>
    work({
      holds: (item) => holds(client, String(item.args["stored"]), context.signal),
      keep: ({ service, name, value }) =>
        keep(client, context, environment, {
          name: storedSecret(service, name, environment.name),
          labels: { [LABELS.service]: service },
          key: "value",
          value,
        }),
    }),
  );

/** Which Secrets the cluster's store holds, by name; undefined where that cannot be told. */
export const heldInCluster = (
  context: Context,
  environment: Environment,
  names: readonly string[],
): Promise<(boolean | undefined)[]> =>
  withCluster(context, environment, ({ client }) =>
    Promise.all(names.map((name) => holds(client, `${SECRET_STORE}/${name}`, context.signal))),
  );

/**
 * Keeps a Secret in the cluster's store, in the place of an older one.
 * @returns The place.
 * @throws FairwayError FW7017 where the cluster refuses it.
 */
export const keepInCluster = (
  context: Context,
  environment: Environment,
  secret: ClusterSecret,
): Promise<string> =>
  withCluster(context, environment, ({ client }) => keep(client, context, environment, secret));

async function holds(client: Client, stored: string, signal: AbortSignal) {
  const [namespace, name] = stored.split("/");
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
  try {
    await client.request({ method: "GET", path, signal });
    return true;
  } catch (error) {
    return statusOf(error) === 404 ? false : undefined;
  }
}

async function keep(
  client: Client,
  { signal }: Context,
  environment: Environment,
  secret: ClusterSecret,
): Promise<string> {
  for (const { path, body } of objects(secret, environment.name))
    try {
      await client.request({
        method: "PATCH",
        path,
        body,
        type: "application/apply-patch+yaml",
        query: { fieldManager: "fairway-secret", force: "true" },
        signal,
      });
    } catch (error) {
      if (statusOf(error) === 0) throw error;
      fail(
        "FW7017",
        `the store of \`${environment.name}\` refused the secret: ${(error as Error).message}`,
        { hint: "ask for write access to its namespace" },
      );
    }
  return `${SECRET_STORE}/${secret.name}`;
}

/** The namespace, and the Secret in it. */
function objects({ name, labels, type, key, value }: ClusterSecret, environment: string) {
  const managed = { [LABELS.managedBy]: "fairway" };
  return [
    {
      path: `/api/v1/namespaces/${SECRET_STORE}`,
      body: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: SECRET_STORE, labels: managed },
      },
    },
    {
      path: `/api/v1/namespaces/${SECRET_STORE}/secrets/${name}`,
      body: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name,
          namespace: SECRET_STORE,
          labels: { ...managed, ...labels, [LABELS.environment]: environment },
        },
        ...(type !== undefined && { type }),
        data: { [key]: Buffer.from(value).toString("base64") },
      },
    },
  ];
}
