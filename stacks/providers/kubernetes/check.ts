import { createHash } from "node:crypto";
import {
  at,
  isObject,
  listAt,
  objectAt,
  textAt,
  withValue,
  type JsonObject,
  type Path,
} from "./json.ts";
import { kindOfToken } from "./discovery.ts";
import { withCanonicalQuantities } from "./quantity.ts";
import { hasUnknown, UNKNOWN, type Values } from "./values.ts";

/** A property that cannot be accepted, and why. */
export interface Refusal {
  property: string;
  reason: string;
}

/** Inputs in the form that is stored and compared. */
export interface Checked extends Values {
  refusals: Refusal[];
}

const AUTONAMED = "pulumi.com/autonamed";

/**
 * Normalises the inputs of an object as the official provider stores them: `stringData` becomes base64 `data`,
 * quantities take their canonical form, a missing name is made from the resource's name and the engine's seed
 * (and kept as long as the resource lives). `olds` are the stored inputs, empty for a new resource.
 */
export function check(
  token: string,
  resourceName: string,
  olds: Values,
  news: Values,
  seed: Uint8Array,
): Checked {
  const refusals = refuse(token, news.value);
  if (refusals.length > 0) return { ...news, refusals };
  const named = withName({ ...kindOfToken(token), ...news.value }, resourceName, olds.value, seed);
  const plain = isSecret(named)
    ? withData({ value: named, secrets: news.secrets })
    : { value: named, secrets: news.secrets };
  return {
    value: withCanonicalQuantities(plain.value),
    secrets: isSecret(named) ? [...plain.secrets, ...secretKindPaths(plain.value)] : plain.secrets,
    refusals: [],
  };
}

/** True for an object whose name we made, so that a replacement takes another and both can stand side by side. */
export function isAutonamed(inputs: JsonObject): boolean {
  return textAt(inputs, "metadata", "annotations", AUTONAMED) === "true";
}

/** True for the core `Secret`. */
function isSecret(object: JsonObject): boolean {
  return object["kind"] === "Secret" && object["apiVersion"] === "v1";
}

/** The places of a core `Secret` that are secret whatever the program said; none for other kinds. */
export function secretKindPaths(object: JsonObject): Path[] {
  if (!isSecret(object)) return [];
  const paths: Path[] = [
    ["data"],
    ["stringData"],
    ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
  ];
  return paths.filter((path) => at(object, ...path) !== undefined);
}

function refuse(token: string, inputs: JsonObject): Refusal[] {
  const { apiVersion, kind } = kindOfToken(token);
  const given = textAt(inputs, "kind") || kind;
  if (kind.endsWith("Patch") && given !== kind) {
    return [
      {
        property: "kind",
        reason: `${kind} is not supported: declare the ${given} itself, or let its owner set the field`,
      },
    ];
  }
  if (kind.endsWith("List") && at(inputs, "items") !== undefined) {
    return [
      {
        property: "kind",
        reason: `${kind} is not supported: declare each object of the list as a resource of its own`,
      },
    ];
  }
  if (/^helm\.sh\/|^yaml|^kustomize/.test(apiVersion)) {
    return [
      {
        property: "kind",
        reason: `${token} is not an object of the Kubernetes API: the embedded provider serves only those`,
      },
    ];
  }
  const metadata = inputs["metadata"];
  if (metadata !== undefined && metadata !== UNKNOWN && !isObject(metadata))
    return [{ property: "metadata", reason: "must be an object" }];
  const stringData = inputs["stringData"];
  if (
    given === "Secret" &&
    stringData !== undefined &&
    stringData !== UNKNOWN &&
    Object.values(objectAt(stringData)).some((value) => typeof value !== "string")
  ) {
    return [{ property: "stringData", reason: "every value must be a text" }];
  }
  return [];
}

function withName(
  inputs: JsonObject,
  resourceName: string,
  olds: JsonObject,
  seed: Uint8Array,
): JsonObject {
  const metadata = inputs["metadata"] ?? {};
  if (!isObject(metadata) || metadata["name"] !== undefined) return inputs;
  const prefix = textAt(metadata, "generateName") || `${resourceName.toLowerCase()}-`;
  const fresh = prefix + createHash("sha256").update(seed).digest("hex").slice(0, 8);
  const name = isAutonamed(olds) ? textAt(olds, "metadata", "name") : fresh;
  const { generateName: _, ...rest } = metadata;
  return {
    ...inputs,
    metadata: {
      ...rest,
      name,
      annotations: { ...objectAt(metadata, "annotations"), [AUTONAMED]: "true" },
    },
  };
}

function withData({ value, secrets }: Values): Values {
  const { stringData, ...rest } = value;
  if (stringData === undefined) return { value, secrets };
  if (hasUnknown(stringData) && !isObject(stringData))
    return { value: { ...rest, data: UNKNOWN }, secrets };
  const data = Object.fromEntries(
    Object.entries(objectAt(stringData)).map(([key, text]) => [
      key,
      text === UNKNOWN ? UNKNOWN : Buffer.from(String(text)).toString("base64"),
    ]),
  );
  const merged = withValue(rest, ["data"], { ...objectAt(rest, "data"), ...data });
  return {
    value: merged,
    secrets: secrets.map((path) => (path[0] === "stringData" ? ["data", ...path.slice(1)] : path)),
  };
}

/** Texts under an annotation that holds a list, such as `pulumi.com/waitFor`: one text, or a JSON list of them. */
export function annotationList(inputs: JsonObject, name: string): string[] {
  const text = textAt(inputs, "metadata", "annotations", name).trim();
  if (!text.startsWith("[")) return text ? [text] : [];
  try {
    return listAt(JSON.parse(text)).map(String);
  } catch {
    return [text];
  }
}
