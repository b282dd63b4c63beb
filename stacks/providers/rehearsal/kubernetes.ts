import { check } from "../kubernetes/check.ts";
import { kindOfToken } from "../kubernetes/discovery.ts";
import {
  identityChanges,
  inputChanges,
  knownImmutableChanges,
  mustDeleteFirst,
} from "../kubernetes/diff.ts";
import { objectAt, textAt, withValue, type JsonObject } from "../kubernetes/json.ts";
import { hasUnknown, UNKNOWN, type Values } from "../kubernetes/values.ts";
import type { Chance } from "./chance.ts";
import type { Cue, Player } from "./player.ts";
import { secretKindPaths } from "../kubernetes/check.ts";
import { BEGINNING } from "./forms/scene.ts";

/** Kinds of Kubernetes and of the platform's operators that stand in no namespace. */
const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  "APIService",
  "ClusterIssuer",
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterSecretStore",
  "CSIDriver",
  "CustomResourceDefinition",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "NodeClass",
  "NodePool",
  "PersistentVolume",
  "PriorityClass",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeSnapshotClass",
]);

/** Annotation of what was never rehearsed and is taken for granted. */
export const ASSUMED = "fairway.dev/assumed";

/** Fields of metadata that the API server decides. */
const DECIDED = ["uid", "resourceVersion", "generation", "creationTimestamp"] as const;

/** Plays `kubernetes` by structure: any kind, inputs echoed, what the API server adds made up, nothing contacted. */
export const KUBERNETES: Player = {
  check: (cue, olds, news, seed) => Promise.resolve(check(cue.type, cue.name, olds, news, seed)),
  diff(_, old, now) {
    const changes = inputChanges(old, now);
    const identity = identityChanges(old, now, changes);
    const replacing = identity.length > 0 ? identity : knownImmutableChanges(now, old, changes);
    const deleteFirst = replacing.length > 0 && mustDeleteFirst(old, now);
    return Promise.resolve({ changes, replacing, deleteFirst });
  },
  foresee(cue, inputs) {
    const { value } = inputs;
    if (value["metadata"] === UNKNOWN) return Promise.resolve({ id: "", outputs: inputs });
    let outputs = placed(cue, value);
    for (const field of DECIDED) outputs = withValue(outputs, ["metadata", field], UNKNOWN);
    if (outputs["status"] === undefined) outputs = { ...outputs, status: UNKNOWN };
    return Promise.resolve({ id: "", outputs: { value: outputs, secrets: secretsOf(inputs) } });
  },
  make(cue, inputs, chance) {
    const { value } = inputs;
    if (hasUnknown(value["metadata"])) return Promise.resolve({ id: "", outputs: inputs });
    const object = placed(cue, value);
    const metadata: JsonObject = {
      ...objectAt(object, "metadata"),
      uid: chance.uuid(),
      resourceVersion: String(1000 + chance.number(900_000)),
      generation: 1,
      creationTimestamp: BEGINNING,
    };
    const status = statusOf(textAt(object, "kind"), chance);
    return Promise.resolve({
      id: idOf(metadata),
      outputs: {
        value: { ...object, metadata, ...(status && { status }) },
        secrets: secretsOf(inputs),
      },
    });
  },
  // A secret that a team brought: it is there, and nobody here knows what is in it.
  assume(cue, id) {
    const { apiVersion, kind } = kindOfToken(cue.type);
    if (kind !== "Secret") return undefined;
    const [name = "", namespace = cue.settings.namespace] = id.split("/").toReversed();
    const metadata = { name, namespace, annotations: { [ASSUMED]: "true" } };
    return { value: { apiVersion, kind, metadata, data: {} }, secrets: [["data"]] };
  },
  // Server-side apply takes over what exists.
  refuseCreation: () => undefined,
  refuseDeletion: () => undefined,
};

const secretsOf = ({ value, secrets }: Values): Values["secrets"] => [
  ...secrets,
  ...secretKindPaths(value),
];

/** The object in its namespace: the provider's, else `default`, where its kind has one. */
function placed(cue: Cue, object: JsonObject): JsonObject {
  const { kind } = kindOfToken(cue.type);
  const metadata = objectAt(object, "metadata");
  if (CLUSTER_WIDE.has(kind) || metadata["namespace"] !== undefined) return object;
  return withValue(object, ["metadata", "namespace"], cue.settings.namespace);
}

function idOf(metadata: JsonObject): string {
  const namespace = textAt(metadata, "namespace");
  const name = textAt(metadata, "name");
  return namespace ? `${namespace}/${name}` : name;
}

/** What others read of a status. */
function statusOf(kind: string, chance: Chance): JsonObject | undefined {
  if (kind === "Ingress" || kind === "Service")
    return {
      loadBalancer:
        kind === "Ingress"
          ? { ingress: [{ hostname: `rehearsed-${chance.hex(10)}.example` }] }
          : {},
    };
  return undefined;
}
