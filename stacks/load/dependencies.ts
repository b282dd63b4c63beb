import { joinPath } from "../contract/path.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";
import { sourceOf } from "../contract/source.ts";
import type { Workspace } from "../contract/workspace.ts";
import { cyclesOf } from "../contract/cycles.ts";
import { choiceOf, didYouMean } from "./suggest.ts";

/** Resource types that stand for another service, and the parameter that names it; without it the use's own name counts. */
const SERVICE_TYPES: Readonly<Record<string, string>> = {
  service: "service",
  endpoint: "service",
  "service-port": "workload",
};

/** A service that another one calls, and the model path that says so. */
interface Dependency {
  readonly name: string;
  readonly path: string;
}

/** Services that a service calls, by `consumes` and by its uses. A use may name the service itself, which is no dependency. */
function dependenciesOf(service: Service): Dependency[] {
  const consumed = service.consumes.map((name, index) => ({
    name,
    path: joinPath(["consumes", index]),
  }));
  const used = Object.entries(service.uses).flatMap(([key, { type, params }]) => {
    const param = Object.hasOwn(SERVICE_TYPES, type) ? SERVICE_TYPES[type] : undefined;
    if (param === undefined) return [];
    const named = Object.hasOwn(params, param) ? params[param] : key;
    // What a placeholder will say is not known here; resolve finds it.
    return typeof named === "string" && !named.includes("${") && named !== service.name
      ? [
          {
            name: named,
            path: joinPath(
              Object.hasOwn(params, param) ? ["uses", key, "params", param] : ["uses", key],
            ),
          },
        ]
      : [];
  });
  return [...consumed, ...used];
}

/** What to write where a service is called by a name that it had. */
function renamed(name: string, services: Workspace["services"]): string | undefined {
  const found = Object.values(services).find(({ in: models }) =>
    Object.values(models)[0]?.was?.includes(name),
  );
  return found && `it is called ${found.name} now`;
}

/** Dependencies on services that do not exist (`claimed`: they do, and have problems of their own), and cycles, in each environment; what repeats is said once. */
export function dependencyProblems(
  services: Workspace["services"],
  claimed: ReadonlySet<string>,
  environments: readonly string[],
  positions: Workspace["positions"],
): Problem[] {
  const names = Object.keys(services);
  const problems = new Map<string, Problem>();
  const say = (
    code: "FW1209" | "FW1210",
    service: Service,
    { path }: Dependency,
    message: string,
    hint?: string,
  ) => {
    const source = sourceOf(service, path);
    const key = `${source.file} ${source.path} ${message}`;
    if (!problems.has(key))
      problems.set(
        key,
        problem(code, message, {
          ...(positions.at(source.file, source.path) ?? { file: source.file }),
          path: source.path,
          ...(hint && { hint }),
        }),
      );
  };
  // Models without overrides are one object in all environments, and so is what they depend on.
  const known = new Map<Service, Dependency[]>();
  for (const environment of environments) {
    const graph = new Map<string, string[]>();
    for (const name of names) {
      const service = services[name]?.in[environment];
      if (!service) continue;
      let dependencies = known.get(service);
      if (!dependencies) {
        dependencies = dependenciesOf(service);
        known.set(service, dependencies);
        for (const dependency of dependencies)
          if (!Object.hasOwn(services, dependency.name) && !claimed.has(dependency.name))
            say(
              "FW1209",
              service,
              dependency,
              `no service ${dependency.name}: expected ${choiceOf(names.filter((name) => name !== service.name))}`,
              renamed(dependency.name, services) ?? didYouMean(dependency.name, names),
            );
      }
      graph.set(
        name,
        dependencies.map((dependency) => dependency.name),
      );
    }
    for (const cycle of cyclesOf(graph)) {
      const [first = "", second] = cycle;
      const service = services[first]?.in[environment];
      const dependency = service && known.get(service)?.find(({ name }) => name === second);
      if (service && dependency)
        say("FW1210", service, dependency, `services depend on each other: ${cycle.join(" → ")}`);
    }
  }
  return [...problems.values()];
}
