import type { Environment } from "../contract/environment.ts";
import { LABELS, SECRET_STORE, storedSecret } from "../contract/names.ts";
import { fail } from "../contract/problem.ts";
import { statusOf } from "../providers/kubernetes/failure.ts";
import { withCluster } from "./cluster.ts";
import type { Context } from "./command.ts";
import type { BroughtSecret, SecretStore } from "./secret-store.ts";

/** The environment's cluster as a store of secrets: a namespace of its own that no service reads. */
export const withClusterStore = <T>(
  context: Context,
  environment: Environment,
  work: (store: SecretStore) => Promise<T>,
): Promise<T> =>
  withCluster(context, environment, ({ client }) =>
    work({
      async holds(item) {
        const [namespace, name] = String(item.args["stored"]).split("/");
        const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
        try {
          await client.request({ method: "GET", path, signal: context.signal });
          return true;
        } catch (error) {
          return statusOf(error) === 404 ? false : undefined;
        }
      },
      async keep(secret) {
        for (const { path, body } of objects(secret, environment.name))
          try {
            await client.request({
              method: "PATCH",
              path,
              body,
              type: "application/apply-patch+yaml",
              query: { fieldManager: "fairway-secret", force: "true" },
              signal: context.signal,
            });
          } catch (error) {
            if (statusOf(error) === 0) throw error;
            fail(
              "FW7017",
              `the store of \`${environment.name}\` refused the secret: ${(error as Error).message}`,
              { hint: "ask for write access to its namespace" },
            );
          }
        return `${SECRET_STORE}/${storedSecret(secret.service, secret.name, environment.name)}`;
      },
    }),
  );

/** The namespace, and the Secret in it. */
function objects({ service, name, value }: BroughtSecret, environment: string) {
  const stored = storedSecret(service, name, environment);
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
      path: `/api/v1/namespaces/${SECRET_STORE}/secrets/${stored}`,
      body: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name: stored,
          namespace: SECRET_STORE,
          labels: { ...managed, [LABELS.service]: service, [LABELS.environment]: environment },
        },
        data: { value: Buffer.from(value).toString("base64") },
      },
    },
  ];
}
