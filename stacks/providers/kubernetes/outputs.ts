import { secretKindPaths } from "./check.ts";
import { groupOf, type Identity, type Target } from "./discovery.ts";
import {
  at,
  isObject,
  listAt,
  mapScalars,
  objectAt,
  textAt,
  withValue,
  type Json,
  type JsonObject,
  type Path,
} from "./json.ts";
import { followSecrets, UNKNOWN, type Values } from "./values.ts";

/** What is stored of an object besides itself, under the names of the official provider. */
export interface Stored {
  /** The inputs it was last given. */
  inputs: Values;
  /** The field manager it is applied by; it never changes afterwards. */
  manager: string;
  /** The `apiVersion` it was created with. */
  initialApiVersion: string;
}

/** The stored form: the live object at the top, and what we remember of it under `__` names; secrets marked in both. */
export function outputsOf(live: JsonObject, record: Stored): Values {
  const { inputs } = record;
  const { managedFields: _, ...metadata } = objectAt(live, "metadata");
  const object: JsonObject = live["metadata"] === UNKNOWN ? live : { ...live, metadata };
  const value: JsonObject = {
    ...object,
    __inputs: inputs.value,
    __initialApiVersion: record.initialApiVersion,
    __fieldManager: record.manager,
  };
  const inInputs = [...inputs.secrets, ...secretKindPaths(inputs.value)].map((path): Path => [
    "__inputs",
    ...path,
  ]);
  return {
    value,
    secrets: [
      ...followSecrets(inputs.secrets, inputs.value, object),
      ...secretKindPaths(object),
      ...inInputs,
    ],
  };
}

/** The record in stored outputs; `inputs` are the stored inputs, if the engine sent them, and `manager` is taken where none is stored. */
export function recordOf(outputs: Values, inputs: Values | undefined, manager: string): Stored {
  const stored = {
    value: objectAt(outputs.value, "__inputs"),
    secrets: outputs.secrets.filter((path) => path[0] === "__inputs").map((path) => path.slice(1)),
  };
  return {
    inputs: inputs && Object.keys(inputs.value).length > 0 ? inputs : stored,
    manager: textAt(outputs.value, "__fieldManager") || manager,
    initialApiVersion:
      textAt(outputs.value, "__initialApiVersion") || textAt(outputs.value, "apiVersion"),
  };
}

/** The resource's id: `namespace/name`, or `name` for a cluster-wide kind. */
export function idOf(target: Identity): string {
  return target.namespace ? `${target.namespace}/${target.name}` : target.name;
}

/** Namespace and name of an id. */
export function placeOfId(id: string): { namespace: string; name: string } {
  const slash = id.indexOf("/");
  return { namespace: slash < 0 ? "" : id.slice(0, slash), name: id.slice(slash + 1) };
}

/** A dry-run answer as a preview may show it: what only the real operation will decide is unknown. `fresh` for a create. */
export function previewed(answer: JsonObject, inputs: JsonObject, fresh: boolean): JsonObject {
  const unknown = fresh
    ? ["uid", "resourceVersion", "generation", "creationTimestamp"]
    : ["resourceVersion", "generation"];
  const metadata: JsonObject = {
    ...objectAt(answer, "metadata"),
    ...Object.fromEntries(unknown.map((key) => [key, UNKNOWN])),
  };
  let shown: JsonObject = {
    ...answer,
    metadata: answer["metadata"] === UNKNOWN ? UNKNOWN : metadata,
  };
  if (!fresh) return shown;
  delete shown["status"];
  const kind = `${groupOf(textAt(inputs, "apiVersion"))}/${textAt(inputs, "kind")}`;
  if (kind === "/Service") shown = withServiceUnknowns(shown, inputs);
  if (kind === "batch/Job") shown = withJobUnknowns(shown, inputs);
  return shown;
}

/** A dry-run answer under a temporary name, with the real name and namespace put back wherever they show. */
export function restored(answer: JsonObject, temporary: Target, target: Target): JsonObject {
  const renamed = mapScalars(answer, (scalar) =>
    scalar === temporary.name ? target.name : scalar,
  ) as JsonObject;
  return target.namespace
    ? withValue(renamed, ["metadata", "namespace"], target.namespace)
    : renamed;
}

/** The outputs to expect of an update whose values are partly unknown: the new inputs over what the server added to the old ones. */
export function overlaid(old: JsonObject, oldInputs: JsonObject, inputs: JsonObject): JsonObject {
  const merge = (below: Json | undefined, given: Json | undefined, above: Json): Json => {
    if (!isObject(below) || !isObject(above)) return above;
    const added = Object.entries(below).filter(([key]) => at(given, key) === undefined);
    const wanted = Object.entries(above).map(([key, value]) => [
      key,
      merge(below[key], at(given, key), value ?? null),
    ]);
    return { ...Object.fromEntries(added), ...Object.fromEntries(wanted) } as JsonObject;
  };
  const kept = Object.entries(old).filter(([key]) => key !== "status" && !key.startsWith("__"));
  return previewed(merge(Object.fromEntries(kept), oldInputs, inputs) as JsonObject, inputs, false);
}

function withServiceUnknowns(shown: JsonObject, inputs: JsonObject): JsonObject {
  const given = objectAt(inputs, "spec");
  if (given["type"] === "ExternalName" || !isObject(shown["spec"])) return shown;
  const spec: JsonObject = { ...shown["spec"] };
  if (given["clusterIP"] === undefined)
    Object.assign(spec, { clusterIP: UNKNOWN, clusterIPs: UNKNOWN });
  if (spec["healthCheckNodePort"] !== undefined && given["healthCheckNodePort"] === undefined)
    spec["healthCheckNodePort"] = UNKNOWN;
  if (given["type"] === "NodePort" || given["type"] === "LoadBalancer") {
    spec["ports"] = listAt(spec, "ports").map((port, i) =>
      isObject(port) && at(given, "ports", i, "nodePort") === undefined
        ? { ...port, nodePort: UNKNOWN }
        : port,
    );
  }
  return { ...shown, spec };
}

const JOB_LABELS = ["controller-uid", "batch.kubernetes.io/controller-uid"];

function withJobUnknowns(shown: JsonObject, inputs: JsonObject): JsonObject {
  if (at(inputs, "spec", "selector") !== undefined) return shown;
  const places: Path[] = [
    ["spec", "selector", "matchLabels"],
    ["spec", "template", "metadata", "labels"],
    ["metadata", "labels"],
  ];
  return places.reduce((job, place) => {
    const labels = at(job, ...place);
    if (!isObject(labels)) return job;
    const open = JOB_LABELS.filter((label) => labels[label] !== undefined).map((label) => [
      label,
      UNKNOWN,
    ]);
    return withValue(job, place, { ...labels, ...Object.fromEntries(open) });
  }, shown);
}
