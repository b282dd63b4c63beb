import type { Environment } from "../contract/environment.ts";
import { stackName } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import { FairwayError, problem, type Problem, sortProblems } from "../contract/problem.ts";
import type { Release } from "../contract/release.ts";
import type { Service } from "../contract/service.ts";
import { canonicalJson } from "../contract/value.ts";
import type { LoadedService, Workspace } from "../contract/workspace.ts";
import { circleProblems } from "./circles.ts";
import { directoryOf, servicesIn } from "./directory.ts";
import { locateProblem } from "./locate.ts";
import { resolvePlatform } from "./platform.ts";
import { namespaceOf } from "./names.ts";
import { driverProblems } from "./drivers.ts";
import { problemAt } from "./origins.ts";
import { resolve } from "./resolve.ts";
import { collectShared, resolveShared } from "./shared.ts";

/** Which plans are wanted. */
export interface PlanOptions {
  /** Names of environments, in the order in which plans are given. */
  readonly environments: readonly string[];
  /** Names of services; default all. */
  readonly services?: readonly string[] | undefined;
  /** Service → container → image reference, given by `--image`. */
  readonly images?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** ISO date: consents that ended before it do not count. Default: all count. */
  readonly today?: string | undefined;
}

/** Plans of the chosen services, of what they share, and of their environments' platforms. */
export interface WorkspacePlans {
  /** By environment in the given order: platform, shared, services by name. */
  readonly plans: readonly Plan[];
  /** Everything wrong, sorted, with positions. A service with a problem has no plan. */
  readonly problems: readonly Problem[];
}

/** Plans services of a workspace in environments. Problems of services that are not chosen are not told. */
export function planWorkspace(workspace: Workspace, options: PlanOptions): WorkspacePlans {
  const plans: Plan[] = [];
  const problems: Problem[] = [];
  for (const name of options.environments) {
    const environment = workspace.environments[name];
    if (!environment) continue;
    const found = planEnvironment(workspace, environment, options);
    plans.push(...found.plans);
    problems.push(...found.problems);
  }
  problems.push(...sameNamespace(workspace, options.environments), ...circleProblems(plans));
  const located = problems.map((found) => locateProblem(found, workspace.positions));
  const once = new Map(located.map((found) => [JSON.stringify(found), found]));
  return { plans, problems: sortProblems([...once.values()]) };
}

function planEnvironment(
  workspace: Workspace,
  environment: Environment,
  options: PlanOptions,
): WorkspacePlans {
  const all = servicesIn(workspace, environment.name);
  const directory = directoryOf(workspace, environment.name);
  const wanted = options.services && new Set(options.services);
  const chosen = wanted ? all.filter(({ name }) => wanted.has(name)) : all;
  const problems = driverProblems(environment);
  const attempt = (work: () => Plan | undefined): Plan[] => {
    try {
      const plan = work();
      return plan ? [plan] : [];
    } catch (error) {
      if (!FairwayError.is(error)) throw error;
      // What is wrong with a shared resource is told of its users, who wrote it.
      problems.push(...error.problems.filter(({ file }) => file !== undefined));
      return [];
    }
  };
  const services = chosen.flatMap((declared) =>
    attempt(() => {
      const { service, ended } = withoutEnded(declared, options.today);
      const loaded = workspace.services[service.name]!;
      const release = releaseOf(loaded, environment.name, options.images?.[service.name]);
      const plan = resolve(service, release, environment, directory);
      return ended.length > 0 ? { ...plan, notes: [...plan.notes, ...ended] } : plan;
    }),
  );
  const users = new Set(chosen.map(({ name }) => name));
  const shared = Object.values(directory.shared ?? {})
    .filter((entry) => entry.users.some((user) => users.has(user)))
    .flatMap((entry) => attempt(() => resolveShared(entry, environment, directory)));
  const disagreements = collectShared(all).problems;
  const files = new Set(chosen.map(({ file }) => file));
  problems.push(
    ...disagreements.filter(({ file }) => file !== undefined && files.has(file)),
    ...sameRoute(services),
  );
  return { plans: [resolvePlatform(environment), ...shared, ...services], problems };
}

/** The release of a service in an environment, with what `--image` says over it. */
function releaseOf(
  loaded: Pick<LoadedService, "release">,
  environment: string,
  flags: Readonly<Record<string, string>> = {},
): Release {
  const written = loaded.release?.document.environments[environment];
  const containers: Record<string, Release["containers"][string]> = {};
  for (const [container, image] of Object.entries(written?.containers ?? {}))
    containers[container] = { image, from: "release" };
  for (const [container, image] of Object.entries(flags))
    containers[container] = { image, from: "flag" };
  return {
    containers,
    ...(loaded.release && { file: loaded.release.file }),
    ...(written?.source !== undefined && { source: written.source }),
  };
}

/** A service without the consents that have ended, and a note about each of them. */
function withoutEnded(
  service: Service,
  today: string | undefined,
): { readonly service: Service; readonly ended: readonly Problem[] } {
  const ended = service.consents.flatMap(({ resource, action, until }, index) =>
    today !== undefined && until < today
      ? [
          problemAt(
            service,
            `consents.${index}.until`,
            "FW3022",
            `the consent to ${action} ${resource} ended on ${until}`,
            "take it out, or give a new date",
          ),
        ]
      : [],
  );
  if (ended.length === 0) return { service, ended };
  const consents = service.consents.filter(({ until }) => until >= today!);
  return { service: { ...service, consents }, ended };
}

/**
 * Stacks that would fight over one namespace: services of two environments on one cluster whose patterns do not tell
 * the environments apart.
 */
function sameNamespace(workspace: Workspace, environments: readonly string[]): Problem[] {
  const first = new Map<string, { readonly stack: string; readonly environment: string }>();
  const problems = new Map<string, Problem>();
  for (const environment of Object.values(workspace.environments))
    for (const name of namesIn(workspace, environment.name)) {
      const namespace = namespaceOf(environment, name);
      const account = "eks" in environment.cluster ? environment.cloud : undefined;
      const key = `${canonicalJson({ cluster: environment.cluster, account })} ${namespace}`;
      const stack = stackName(name, environment.name);
      const other = first.get(key);
      if (!other) first.set(key, { stack, environment: environment.name });
      else if (environments.includes(environment.name) || environments.includes(other.environment))
        problems.set(
          `${environment.name} ${other.environment}`,
          problem(
            "FW3011",
            `${other.stack} and ${stack} would both live in the namespace ${namespace} of one cluster`,
            {
              file: environment.file,
              path: "spec.namespace",
              hint: environment.namespace.includes("{environment}")
                ? "choose a pattern that keeps the two apart"
                : 'write namespace: "{service}-{environment}"',
            },
          ),
        );
    }
  return [...problems.values()];
}

/** Services and shared resources of an environment. */
const namesIn = (workspace: Workspace, environment: string): string[] => {
  const services = servicesIn(workspace, environment);
  return [...services.map(({ name }) => name), ...Object.keys(collectShared(services).shared)];
};

/** A host's path leads to one service. */
function sameRoute(plans: readonly Plan[]): Problem[] {
  const first = new Map<string, Plan>();
  return plans.flatMap((plan) =>
    plan.items.flatMap(({ component, args, origins }) => {
      const { host, path } = args;
      if (component !== "route" || typeof host !== "string") return [];
      const key = `${host}${String(path)}`;
      const other = first.get(key);
      first.set(key, other ?? plan);
      const origin = origins[""];
      return other
        ? [
            problem(
              "FW3012",
              `${other.name} and ${plan.name} both answer ${key} in ${plan.environment}`,
              {
                ...(origin && "file" in origin && { file: origin.file, path: origin.path }),
                hint: "give one of them another host or path",
              },
            ),
          ]
        : [];
    }),
  );
}
