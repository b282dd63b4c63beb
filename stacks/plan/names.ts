import type { Environment } from "../contract/environment.ts";
import { LABELS, cut, labelValue, letterFirst, recordedName } from "../contract/names.ts";
import type { Service, Tier, Use } from "../contract/service.ts";
import { KIND } from "./defaults.ts";

/** Id of the plan item that runs the service, and value of its pods' component label. */
export const WORKLOAD = "workload";
/** Id of the plan item that builds the namespace. */
export const TENANCY = "tenancy";
/** Id of the plan item that watches the service. */
export const MONITORING = "monitoring";

/** Id of the plan item of what the pods may do in the cloud. */
export const IDENTITY = "identity";
/** Id of the plan item of what the pods reach in the cloud's network. */
export const NETWORK = "network";

/** Namespace of a service or shared resource, by the environment's pattern. */
export const namespaceOf = (environment: Environment, name: string): string =>
  cut(
    environment.namespace
      .replaceAll("{service}", name)
      .replaceAll("{environment}", environment.name),
    63,
  );

/** Name of a workload's objects, short enough for its kind. */
export const objectName = (service: Pick<Service, "name" | "was" | "type">): string =>
  cut(letterFirst(recordedName(service)), KIND[service.type].nameLimit);

/** Name of the Kubernetes Service: the host that others call. */
export const hostOf = (service: Service): string => service.serviceName ?? objectName(service);

/** Labels that every object of a stack carries; the environment's own never hide the platform's. */
export const labelsOf = (
  environment: Environment,
  name: string,
  owner: string | undefined,
  tier: Tier,
): Readonly<Record<string, string>> => ({
  ...environment.labels,
  [LABELS.managedBy]: "fairway",
  [LABELS.environment]: environment.name,
  [LABELS.owner]: labelValue(owner ?? "unowned") || "unowned",
  [LABELS.service]: name,
  [LABELS.tier]: tier,
});

/** Labels of the pods of one item, and nothing that may ever change. */
export const selectorOf = (name: string, item: string): Readonly<Record<string, string>> => ({
  [LABELS.component]: item,
  [LABELS.name]: name,
});

/** Name of the PriorityClass of a tier; classes belong to the whole cluster, which several environments may share. */
export const priorityClassOf = (environment: string, tier: Tier): string =>
  `fairway-${environment}-${tier}`;

/** Plan item of a use. */
export const itemId = (name: string, use: Pick<Use, "was">): string =>
  recordedName({ name, was: use.was });

/**
 * What the password of a service's own new resource is derived from, in an environment. That of one which is there stays
 * what it was first derived from (stacks/program/memory.ts), whatever class it has since.
 */
export const passwordIdentity = (
  environment: string,
  service: Pick<Service, "name" | "was">,
  name: string,
  use: Use,
): string => `${environment}/${identityOf(recordedName(service), itemId(name, use), use)}`;

/** Identity of a resource as Score has it: type, class, and its id or else who uses it under which name. */
export const identityOf = (service: string, name: string, use: Use): string =>
  `${use.type}.${use.class}#${use.id ?? `${service}.${name}`}`;
