import { groupOf } from "./discovery.ts";
import { isAutonamed } from "./check.ts";
import { at, isObject, same, textAt, type Json, type JsonObject, type Path } from "./json.ts";
import { hasUnknown, UNKNOWN } from "./values.ts";

/** One changed property. */
export interface Change {
  path: Path;
  kind: "add" | "delete" | "update";
}

/** What changed between two sets of inputs. The order of keys is no change, the order of a list is. */
export function changesBetween(
  old: Json | undefined,
  now: Json | undefined,
  path: Path = [],
): Change[] {
  if (same(old, now)) return [];
  if (old === undefined) return [{ path, kind: "add" }];
  if (now === undefined) return [{ path, kind: "delete" }];
  if (Array.isArray(old) && Array.isArray(now)) {
    return Array.from({ length: Math.max(old.length, now.length) }, (_, i) =>
      changesBetween(old[i], now[i], [...path, i]),
    ).flat();
  }
  if (isObject(old) && isObject(now)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return keys.flatMap((key) => changesBetween(old[key], now[key], [...path, key]));
  }
  return [{ path, kind: "update" }];
}

/** The changes between stored and wanted inputs; a namespace that is not named is `default`. */
export function inputChanges(old: JsonObject, now: JsonObject): Change[] {
  const [a, b] = [
    textAt(old, "metadata", "namespace") || "default",
    at(now, "metadata", "namespace") ?? "default",
  ];
  return changesBetween(old, now).filter(
    (change) => !(isPath(change.path, "metadata.namespace") && a === b),
  );
}

/** Changes of what identifies an object: another name, namespace, kind or API group is another object. */
export function identityChanges(
  old: JsonObject,
  now: JsonObject,
  changes: readonly Change[],
): Change[] {
  if (now["metadata"] === UNKNOWN) return changes.filter((change) => change.path[0] === "metadata");
  const otherGroup = groupOf(textAt(old, "apiVersion")) !== groupOf(textAt(now, "apiVersion"));
  return changes.filter(
    ({ path }) =>
      isPath(path, "metadata.name") ||
      isPath(path, "metadata.namespace") ||
      isPath(path, "kind") ||
      (otherGroup && isPath(path, "apiVersion")),
  );
}

/** True when the old object must be gone before the new one can be: same name, and not a name of our making. */
export function mustDeleteFirst(old: JsonObject, now: JsonObject): boolean {
  const place = (object: JsonObject): string =>
    `${textAt(object, "metadata", "namespace") || "default"}/${textAt(object, "metadata", "name")}`;
  return !isAutonamed(now) && place(old) === place(now) && !hasUnknown(at(now, "metadata", "name"));
}

/** Fields that cannot change once set, for when unknown values forbid asking the API server. Source: its validation. */
const IMMUTABLE: Readonly<Record<string, readonly string[]>> = {
  "apps/Deployment": ["spec.selector"],
  "apps/ReplicaSet": ["spec.selector"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.selector",
    "spec.serviceName",
    "spec.podManagementPolicy",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": [
    "spec.selector",
    "spec.template",
    "spec.completionMode",
    "spec.completions",
    "spec.manualSelector",
  ],
  "/Pod": ["spec"],
  "/PersistentVolumeClaim": [
    "spec.accessModes",
    "spec.storageClassName",
    "spec.volumeName",
    "spec.volumeMode",
    "spec.selector",
    "spec.dataSource",
  ],
  "/Secret": ["type"],
  "/Service": ["spec.clusterIP"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": [
    "provisioner",
    "parameters",
    "reclaimPolicy",
    "volumeBindingMode",
  ],
  "scheduling.k8s.io/PriorityClass": ["value", "preemptionPolicy"],
  "networking.k8s.io/IngressClass": ["spec.controller"],
  "apiextensions.k8s.io/CustomResourceDefinition": [
    "spec.group",
    "spec.scope",
    "spec.names.kind",
    "spec.names.plural",
  ],
};

/** The changes that the table above says need a new object. */
export function knownImmutableChanges(
  now: JsonObject,
  old: JsonObject,
  changes: readonly Change[],
): Change[] {
  const fields = [
    ...(IMMUTABLE[`${groupOf(textAt(now, "apiVersion"))}/${textAt(now, "kind")}`] ?? []),
  ];
  if (at(old, "immutable") === true) fields.push("data", "binaryData", "immutable");
  return changesBelow(changes, fields);
}

/** The changes at or below the given fields, or above them; a field `spec` covers every change in the spec. */
export function changesBelow(changes: readonly Change[], fields: readonly string[]): Change[] {
  return changes.filter(({ path }) => {
    const dotted = path.join(".");
    return fields.some(
      (field) => `${dotted}.`.startsWith(`${field}.`) || `${field}.`.startsWith(`${dotted}.`),
    );
  });
}

/** A path in Pulumi's notation: `spec.containers[0].env`, `metadata.labels["a.b/c"]`. */
export function pathText(path: Path): string {
  return path
    .map((step, i) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `["${step.replaceAll('"', '\\"')}"]`;
      return i === 0 ? step : `.${step}`;
    })
    .join("");
}

function isPath(path: Path, dotted: string): boolean {
  const text = path.join(".");
  return text === dotted;
}
