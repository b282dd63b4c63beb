import type { Environment } from "../contract/environment.ts";
import { recordedName, splitStack, stackName } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import {
  FairwayError,
  onceEach,
  problem,
  type Problem,
  sortProblems,
} from "../contract/problem.ts";
import type { Release } from "../contract/release.ts";
import type { Service } from "../contract/service.ts";
import { sourceOf } from "../contract/source.ts";
import { canonicalJson } from "../contract/value.ts";
import type { LoadedService, Workspace } from "../contract/workspace.ts";
import { circleProblems } from "./circles.ts";
import { directoryOf, servicesIn } from "./directory.ts";
import { locateProblem } from "./locate.ts";
import { resolvePlatform } from "./platform.ts";
import { namespaceOf } from "./names.ts";
import { DRIVERS, driverProblems } from "./drivers.ts";
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
  return { plans, problems: sortProblems(onceEach(located)) };
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
  const services = chosen.flatMap((service) =>
    attempt(() => {
      const loaded = workspace.services[service.name]!;
      const release = releaseOf(loaded, environment.name, options.images?.[service.name]);
      return withEnded(resolve(service, release, environment, directory), options.today);
    }),
  );
  const users = new Set(chosen.map(({ name }) => name));
  const shared = Object.values(directory.shared ?? {})
    .filter((entry) => entry.users.some((user) => users.has(user)))
    .flatMap((entry) =>
      attempt(() => {
        const plan = resolveShared(entry, environment, directory);
        return plan && withEnded(plan, options.today);
      }),
    );
  const disagreements = collectShared(all).problems;
  const files = new Set(chosen.map(({ file }) => file));
  problems.push(
    ...disagreements.filter(({ file }) => file !== undefined && files.has(file)),
    ...sameRoute(services),
    ...sameCloudName([...shared, ...services]),
  );
  const platform = resolvePlatform(environment).map((plan) => withEnded(plan, options.today));
  const plans = [...platform, ...shared, ...services];
  problems.push(...sameStack(plans, chosen));
  return { plans, problems };
}

/** A second wall behind the loader: plans of one stack would each delete what the others built. */
function sameStack(plans: readonly Plan[], services: readonly Service[]): Problem[] {
  const named = new Map(services.map((service) => [service.name, service]));
  // Who has the name today is told nothing: who claims it is.
  const claims = ({ kind, name }: Plan): number =>
    Number(kind === "service" && named.get(name)?.was !== undefined);
  const first = new Map<string, Plan>();
  return [...plans]
    .sort((a, b) => claims(a) - claims(b))
    .flatMap((plan) => {
      const other = first.get(plan.stack);
      first.set(plan.stack, other ?? plan);
      const service = named.get(plan.name);
      return other === undefined
        ? []
        : problem(
            "FW4023",
            `${plan.name} and ${other.name} would both be the stack ${plan.stack}`,
            {
              ...(service && sourceOf(service, "was")),
              hint: "let one of them keep its past, and give the other a name that nothing had",
            },
          );
    });
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

/** A plan that knows which of its consents have ended, with a note about each of them. */
function withEnded(plan: Plan, today: string | undefined): Plan {
  const { guard } = plan;
  if (!guard || today === undefined || !guard.consents.some(({ until }) => until < today))
    return plan;
  const consents = guard.consents.map((consent) =>
    consent.until < today ? { ...consent, ended: true } : consent,
  );
  const notes = consents
    .filter(({ ended }) => ended)
    .map(({ action, resource, until, file, path }) =>
      problem("FW3022", `the consent to ${action} ${resource} ended on ${until}`, {
        file,
        path: `${path}.until`,
        hint: "take it out, or give a new date",
      }),
    );
  return { ...plan, guard: { ...guard, consents }, notes: [...plan.notes, ...notes] };
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
  return [...services.map(recordedName), ...Object.keys(collectShared(services).shared)];
};

/** Resources that the account could not tell apart: `a-b` of `c` and `b` of `c-a`, say (cloudName of components/base). */
function sameCloudName(plans: readonly Plan[]): Problem[] {
  const first = new Map<string, string>();
  return plans.flatMap((plan) =>
    plan.items.flatMap((item) => {
      if (DRIVERS.get(item.component)?.cloud === undefined) return [];
      const { name } = splitStack(plan.stack);
      const key = `${item.component} ${name}-${item.id}`;
      const other = first.get(key);
      const own = `${item.id} of ${plan.name}`;
      if (other === undefined) first.set(key, own);
      const origin = item.origins[""];
      return other === undefined
        ? []
        : problem("FW3032", `${other} and ${own} would have the same name in the account`, {
            ...(origin && "file" in origin && { file: origin.file, path: origin.path }),
            hint: `call ${item.id} something else`,
          });
    }),
  );
}

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
