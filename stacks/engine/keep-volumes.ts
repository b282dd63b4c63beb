import { setTimeout as sleep } from "node:timers/promises";
import { NAMESPACE_TYPE } from "../contract/data.ts";
import { LABELS } from "../contract/names.ts";
import { FairwayError, problem } from "../contract/problem.ts";
import { type Client, openClient } from "../providers/kubernetes/client.ts";
import { statusOf } from "../providers/kubernetes/failure.ts";
import { type JsonObject, listAt, textAt } from "../providers/kubernetes/json.ts";
import { openKubeconfig } from "../providers/kubernetes/kubeconfig.ts";
import type { StateResource } from "../state/checkpoint.ts";
import type { LastCopy } from "../state/tombstone.ts";
import type { StackTask } from "./stack.ts";

/** On a volume that is kept: the stack whose data it holds. */
export const KEPT_FOR = "fairway.dev/kept-for";

/** Milliseconds that a server may take until a volume reads as it was written. */
const LAG = 10_000;

/**
 * Makes the volumes behind recorded objects outlive them: a PersistentVolume belongs to no namespace, and with the policy
 * Retain the cluster leaves it and its data alone when its claim goes. Claims without a volume hold nothing.
 * @throws FairwayError FW4025 where a volume does not take the policy.
 */
export async function keepVolumes(
  task: StackTask,
  going: readonly StateResource[],
): Promise<LastCopy[]> {
  const inCluster = going.filter(({ type }) => type.startsWith("kubernetes:"));
  if (inCluster.length === 0) return [];
  const { cluster } = task.request.environment;
  const kubeconfig = task.request.kubeconfig ?? process.env["KUBECONFIG"];
  if (kubeconfig === undefined) throw notKept(task, "no kubeconfig leads to its cluster");
  const client = openClient(
    await openKubeconfig(kubeconfig, "context" in cluster ? { context: cluster.context } : {}),
    Date.now,
  );
  try {
    const copies: LastCopy[] = [];
    for (const claim of await claimsOf(client, inCluster)) {
      const volume = textAt(claim, "spec", "volumeName");
      if (volume === "") continue;
      task.request.onProgress?.({
        stack: task.plan.stack,
        phase: "copy",
        done: copies.length,
        resource: volume,
      });
      await retain(task, client, volume);
      copies.push({ of: textAt(claim, "metadata", "name"), kind: "volume", name: volume });
    }
    return copies;
  } catch (error) {
    throw FairwayError.is(error) ? error : notKept(task, (error as Error).message);
  } finally {
    client.close();
  }
}

/** Claims that would go with recorded objects: a namespace takes all of its own along. */
async function claimsOf(
  client: Client,
  going: readonly StateResource[],
): Promise<readonly JsonObject[]> {
  const found = new Map<string, JsonObject>();
  for (const { type, id = "", inputs } of going) {
    const [namespace = "", name = ""] = type === NAMESPACE_TYPE ? [id, ""] : id.split("/");
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
    const item = textAt(inputs as JsonObject, "spec", "selector", "matchLabels", LABELS.component);
    const { body } = await client
      .request({ method: "GET", path })
      .catch((error: unknown) =>
        statusOf(error) === 404 ? { body: {} as JsonObject } : Promise.reject(error as Error),
      );
    for (const claim of listAt(body, "items")) {
      const own = textAt(claim, "metadata", "name");
      const belongs =
        type === NAMESPACE_TYPE ||
        own === name ||
        (type.endsWith(":StatefulSet") &&
          item !== "" &&
          textAt(claim, "metadata", "labels", LABELS.component) === item);
      if (belongs) found.set(`${namespace}/${own}`, claim as JsonObject);
    }
  }
  return [...found.values()];
}

async function retain(task: StackTask, client: Client, volume: string): Promise<void> {
  const path = `/api/v1/persistentvolumes/${volume}`;
  await client.request({
    method: "PATCH",
    path,
    type: "application/merge-patch+json",
    body: {
      metadata: { annotations: { [KEPT_FOR]: task.plan.stack } },
      spec: { persistentVolumeReclaimPolicy: "Retain" },
    },
  });
  for (const end = Date.now() + LAG; ; await sleep(200)) {
    const { body } = await client.request({ method: "GET", path });
    if (textAt(body, "spec", "persistentVolumeReclaimPolicy") === "Retain") return;
    if (Date.now() > end)
      throw notKept(task, `the volume ${volume} does not take the policy Retain`);
  }
}

const notKept = ({ plan }: StackTask, why: string): FairwayError =>
  new FairwayError(
    problem("FW4025", `no last copy of the volumes of ${plan.stack} can be kept: ${why}`, {
      hint: "mend that and run it again; nothing was deleted",
    }),
  );
