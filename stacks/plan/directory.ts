import type { Environment } from "../contract/environment.ts";
import { recordedName, stackName } from "../contract/names.ts";
import type { Directory, DirectoryEntry } from "../contract/plan.ts";
import type { Service } from "../contract/service.ts";
import type { Workspace } from "../contract/workspace.ts";
import { byKey } from "./data.ts";
import { hostOf, namespaceOf } from "./names.ts";
import { collectShared } from "./shared.ts";
import { portsOf } from "./workload.ts";

/** What the services of an environment may know of each other, and what they share. */
export function directoryOf(workspace: Workspace, environment: string): Directory {
  const settings = workspace.environments[environment];
  if (!settings) return { services: {} };
  return directoryFor(servicesIn(workspace, environment), settings);
}

/** The services of an environment, in the order of their names. */
export const servicesIn = (workspace: Workspace, environment: string): Service[] =>
  Object.values(workspace.services).flatMap((loaded) => loaded.in[environment] ?? []);

/** The same from services alone. */
export function directoryFor(services: readonly Service[], environment: Environment): Directory {
  const entries = services.map((service): [string, DirectoryEntry] => [
    service.name,
    {
      stack: stackName(recordedName(service), environment.name),
      namespace: namespaceOf(environment, recordedName(service)),
      host: hostOf(service),
      ports: portsOf(service),
    },
  ]);
  return {
    services: Object.fromEntries(entries),
    shared: byKey(collectShared(services).shared),
  };
}
