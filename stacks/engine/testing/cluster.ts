import { type Client, openClient } from "../../providers/kubernetes/client.ts";
import { openKubeconfig } from "../../providers/kubernetes/kubeconfig.ts";

/** Reads and edits the tests' cluster behind the platform's back, as a person with kubectl would. */
export interface TestedCluster {
  readonly kubeconfig: string;
  /** Objects of a kind, by its path below the server: `/api/v1/namespaces`. */
  objects(path: string): Promise<readonly ClusterObject[]>;
  /** Merge-patches one object. */
  patch(path: string, patch: Readonly<Record<string, unknown>>): Promise<void>;
  deleteNamespace(name: string): Promise<void>;
  /** Deletes what a path names; what is not there is fine. */
  delete(path: string): Promise<void>;
  close(): void;
}

export interface ClusterObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The cluster that integration tests share. */
export async function openCluster(
  kubeconfig: string = process.env["FAIRWAY_TEST_KUBECONFIG"]!,
): Promise<TestedCluster> {
  const client: Client = openClient(await openKubeconfig(kubeconfig), Date.now);
  const remove = async (path: string): Promise<void> => {
    await client.request({ method: "DELETE", path }).catch(() => undefined);
  };
  return {
    kubeconfig,
    async objects(path) {
      const { body } = await client.request({ method: "GET", path });
      return (body["items"] ?? []) as unknown as readonly ClusterObject[];
    },
    async patch(path, body) {
      await client.request({
        method: "PATCH",
        path,
        type: "application/merge-patch+json",
        body: JSON.parse(JSON.stringify(body)),
      });
    },
    deleteNamespace: (name) => remove(`/api/v1/namespaces/${name}`),
    delete: remove,
    close: () => client.close(),
  };
}
