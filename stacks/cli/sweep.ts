import { NAMESPACE_TYPE } from "../contract/data.ts";
import { LABELS, SECRET_STORE, splitStack, stackBase } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import { KEPT_FOR } from "../engine/keep-volumes.ts";
import { statusOf } from "../providers/kubernetes/failure.ts";
import type { StateResource } from "../state/checkpoint.ts";
import type { ClusterReader, KubernetesObject } from "./cluster.ts";

/** What stays: the other stacks of an environment. */
export interface Others {
  /** What services are called today, and under what stacks without a descriptor are recorded. */
  readonly names: ReadonlySet<string>;
  /** Namespaces that are planned or recorded. */
  readonly namespaces: ReadonlySet<string>;
  /** Objects that are recorded, as `<kind> <namespace>/<name>`. */
  readonly objects: ReadonlySet<string>;
}

/** What the stacks of an environment have, but for one of them. */
export function othersOf(
  stack: string,
  plans: readonly Plan[],
  recorded: ReadonlyMap<string, readonly StateResource[]>,
): Others {
  const planned = plans.filter((plan) => plan.stack !== stack);
  const known = new Set(plans.map((plan) => plan.stack));
  const orphans = [...recorded.keys()].filter((other) => other !== stack && !known.has(other));
  const resources = [...recorded].flatMap(([other, of]) =>
    other === stack ? [] : of.filter(({ type }) => type.startsWith("kubernetes:")),
  );
  return {
    names: new Set([...planned.map(({ name }) => name), ...orphans.map(stackBase)]),
    namespaces: new Set([
      ...planned.map(({ namespace }) => namespace),
      ...resources.filter(({ type }) => type === NAMESPACE_TYPE).map(({ id = "" }) => id),
    ]),
    objects: new Set(
      resources.map(({ type, id = "" }) => `${type.slice(type.lastIndexOf(":") + 1)} ${id}`),
    ),
  };
}

/**
 * Whether an object that carries one of a retired stack's names goes. Two services may have swapped names, and of one that was
 * renamed without a word there are two stacks: what may be another's stays. Secrets that the team brought are kept under the
 * recorded name, and volumes that were kept stay.
 */
export function isSwept(
  kind: string,
  { metadata }: Pick<KubernetesObject, "metadata">,
  stack: string,
  others: Others,
): boolean {
  const { name, namespace = "", labels = {}, annotations = {} } = metadata;
  if (annotations[KEPT_FOR] !== undefined) return false;
  if (namespace === SECRET_STORE) return name.startsWith(`${stackBase(stack)}.`);
  return (
    !others.objects.has(`${kind} ${namespace === "" ? name : `${namespace}/${name}`}`) &&
    !others.namespaces.has(kind === "Namespace" ? name : namespace) &&
    !others.names.has(labels[LABELS.service] ?? "")
  );
}

/**
 * Removes what no state knows of: objects that carry a name of a retired stack and are no other's.
 * @throws What the server answers otherwise than that it does not serve something: what was not asked for may be left.
 */
export async function sweepObjects(
  { client, list }: ClusterReader,
  {
    stack,
    names,
    others,
    signal,
  }: {
    readonly stack: string;
    readonly names: readonly string[];
    readonly others: Others;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { environment } = splitStack(stack);
  const labelSelector = `${LABELS.environment}=${environment},${LABELS.service} in (${names.join(",")})`;
  const request = async (
    method: "GET" | "DELETE",
    path: string,
    absent: readonly number[],
  ): Promise<Readonly<Record<string, unknown>>> => {
    try {
      return (await client.request({ method, path, signal })).body;
    } catch (error) {
      if (absent.includes(statusOf(error))) return {};
      throw error;
    }
  };
  const { groups = [] } = (await request("GET", "/apis", [])) as {
    groups?: readonly { preferredVersion: { groupVersion: string } }[];
  };
  for (const base of [
    "/api/v1",
    ...groups.map((one) => `/apis/${one.preferredVersion.groupVersion}`),
  ]) {
    // 503: another server was to serve the group and is away; of such groups Fairway makes nothing.
    const { resources = [] } = (await request("GET", base, [404, 503])) as {
      resources?: readonly {
        name: string;
        kind: string;
        namespaced: boolean;
        verbs: readonly string[];
      }[];
    };
    for (const { name: plural, kind, namespaced, verbs } of resources) {
      if (plural.includes("/") || !verbs.includes("list") || !verbs.includes("delete")) continue;
      for (const object of await list(`${base}/${plural}`, { labelSelector })) {
        if (!isSwept(kind, object, stack, others)) continue;
        const { name, namespace } = object.metadata;
        const path = namespaced
          ? `${base}/namespaces/${namespace}/${plural}/${name}`
          : `${base}/${plural}/${name}`;
        await request("DELETE", path, [404]);
      }
    }
  }
}
