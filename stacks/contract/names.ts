import { createHash } from "node:crypto";

/** RFC 1123 label of 2 to 63 characters: the name of a service, a container, a resource. */
export const LABEL = /^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/;

/** The first `length` hex digits of the SHA-256 of a text. */
export function shortHash(text: string, length = 8): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/** A generated name, with dots written as `-`, cut to `limit` and ended by `-` and 8 hex digits of the full name where it is too long. */
export function cut(name: string, limit: number): string {
  const dashed = name.replaceAll(".", "-");
  return dashed.length <= limit
    ? dashed
    : `${dashed.slice(0, limit - 9).replace(/-+$/, "")}-${shortHash(name)}`;
}

/** A Kubernetes name that may not begin with a digit gets the prefix `s-`. */
export function letterFirst(name: string): string {
  return /^[0-9]/.test(name) ? `s-${name}` : name;
}

/**
 * Name under which a service or resource is recorded: the one that it began with. State, objects and passwords are
 * known by it for life; people, labels and variables use the name of today.
 */
export const recordedName = ({
  name,
  was,
}: {
  readonly name: string;
  readonly was?: readonly string[] | undefined;
}): string => was?.[0] ?? name;

/** A service in an environment. */
export const stackName = (service: string, environment: string): string =>
  `${service}.${environment}`;

/** What an environment shares. */
export const platformStack = (environment: string): string => stackName("platform", environment);

/** What an environment has in its cloud account before anything runs in its cluster: network, keys, the cluster itself. */
export const cloudStack = (environment: string): string => stackName("cloud", environment);

/** ARN of a role that `fairway bootstrap` makes for the pipeline: `read` previews, `write` applies. */
export const bootstrapRole = (
  account: string,
  environment: string,
  word: "read" | "write",
): string => `arn:aws:iam::${account}:role/fairway-${environment}-${word}`;

/** Identity of a resource that several services use. */
export const sharedName = (type: string, className: string, id: string): string =>
  cut(`shared-${type}-${className}-${id}`.toLowerCase(), 63);

/** Splits `<name>.<environment>`; the environment holds no dot. */
export function splitStack(stack: string): { name: string; environment: string } {
  const dot = stack.lastIndexOf(".");
  return { name: stack.slice(0, dot), environment: stack.slice(dot + 1) };
}

/** Name under which a stack's resources are recorded, the first part of the logical names of its components. */
export const stackBase = (stack: string): string => splitStack(stack).name;

/** A Kubernetes label value: other characters become `-`, at most 63, alphanumeric at both ends. */
export function labelValue(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return cut63(safe).replace(/[^A-Za-z0-9]+$/, "");
}

const cut63 = (text: string): string =>
  text.length <= 63 ? text : `${text.slice(0, 54)}-${shortHash(text)}`;

/** Labels that the platform writes; the key space is ours. */
export const LABELS = {
  service: "fairway.dev/service",
  owner: "fairway.dev/owner",
  environment: "fairway.dev/environment",
  tier: "fairway.dev/tier",
  /** The plan item a pod or object belongs to. */
  component: "app.kubernetes.io/component",
  name: "app.kubernetes.io/name",
  managedBy: "app.kubernetes.io/managed-by",
} as const;

/** On a namespace: its pods may call that service. Key of the label; the value is the environment. */
export const consumesLabel = (service: string): string =>
  `consumes.fairway.dev/${cut(service, 63)}`;

/** Namespace that holds the secrets that teams bring: the store of environments that keep them in the cluster. */
export const SECRET_STORE = "fairway-secrets";

/** Name of the Kubernetes Secret, in SECRET_STORE, that holds one secret of a service under the key `value`. */
export const storedSecret = (service: string, name: string, environment: string): string =>
  `${service}.${name}.${environment}`;

/** Name of the secret in a cloud's store of secrets; of what Fairway makes itself, with a word for what it is. */
export const heldName = (
  service: string,
  name: string,
  environment: string,
  word?: string,
): string =>
  ["fairway", environment, service, name, ...(word === undefined ? [] : [word])].join("/");

/** Name of the Kubernetes Secret, in SECRET_STORE, that images are pulled with; no service is called `platform`. */
export const storedPullSecret = (name: string, environment: string): string =>
  storedSecret("platform", name, environment);

/** Type and only key of a Kubernetes Secret that images are pulled with. */
export const PULL_SECRET = {
  type: "kubernetes.io/dockerconfigjson",
  key: ".dockerconfigjson",
} as const;
