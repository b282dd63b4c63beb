import type { ComposeDocument, ComposeService, ComposeVolume, Condition } from "./document.ts";
import { EnvFile } from "./env-file.ts";
import type { Shelves } from "./mounts.ts";
import { type Objects, type Owner, objectsOf, type RevealedStack } from "./objects.ts";
import { composePod, keyOf } from "./pod.ts";

/** A Compose file, the env file that holds its secrets, and what it cannot say. */
export interface Composed {
  readonly document: ComposeDocument;
  readonly env: EnvFile;
  readonly notes: readonly string[];
}

/**
 * A Compose file of stacks, made from the very objects that the cluster gets: the same images, commands, variables,
 * files, volumes, ports and probes. What stands in a Kubernetes Secret stands in the env file, and nowhere else.
 * Pure.
 * @param name Name of the Compose project.
 * @param tools Image with a shell, for what prepares volumes.
 */
export function compose(name: string, stacks: readonly RevealedStack[], tools: string): Composed {
  const env = new EnvFile();
  const shelves: Shelves = { configs: {}, secrets: {}, volumes: {}, env, notes: [] };
  const all = stacks.map((stack) => ({ stack, objects: objectsOf(stack) }));
  const lasting = new Map(
    all.map(({ stack: { plan }, objects }) => [plan.stack, waitedFor(plan.name, objects)]),
  );
  const services: Record<string, ComposeService> = {};
  for (const { stack, objects } of all) {
    const { plan } = stack;
    const own = lasting.get(plan.stack) ?? {};
    const others = Object.assign({}, ...plan.dependsOn.map((other) => lasting.get(other) ?? {}));
    for (const owner of objects.owners) {
      const key = keyOf(plan.name, owner);
      const runs = isWorkload(owner);
      Object.assign(
        services,
        composePod(key, owner, {
          objects,
          shelves,
          tools,
          after: runs ? { ...others, ...without(own, key) } : {},
          published: runs,
        }).services,
      );
    }
    if (plan.items.some(({ component }) => component === "route"))
      shelves.notes.push(
        `${plan.name}: its routes lead nowhere; \`docker compose port ${plan.name} <port>\` says where it listens`,
      );
  }
  return {
    document: {
      name,
      services: sorted(services),
      ...some("configs", shelves.configs),
      ...some("secrets", shelves.secrets),
      ...some("volumes", shelves.volumes as Record<string, ComposeVolume>),
    },
    env,
    notes: [...new Set(shelves.notes)].sort(),
  };
}

/** Whether pods are the service's own, and not those of something that it uses. */
const isWorkload = ({ labels }: Owner): boolean =>
  labels["app.kubernetes.io/component"] === "workload";

const isProbed = ({ pod }: Owner): boolean =>
  pod.containers.some(({ readinessProbe, livenessProbe }) => readinessProbe ?? livenessProbe);

/** What others wait for: servers until they are healthy, services until they have started. */
function waitedFor(stack: string, { owners }: Objects): Record<string, { condition: Condition }> {
  const ends = (owner: Owner): boolean => owner.kind === "Job" || owner.kind === "CronJob";
  return Object.fromEntries(
    owners
      .filter((owner) => !ends(owner))
      .map((owner) => [
        keyOf(stack, owner),
        {
          condition: isWorkload(owner) || !isProbed(owner) ? "service_started" : "service_healthy",
        },
      ]),
  );
}

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

const some = <K extends string, T>(name: K, record: Readonly<Record<string, T>>) =>
  (Object.keys(record).length > 0 ? { [name]: sorted(record) } : {}) as {
    [key in K]?: Record<string, T>;
  };
