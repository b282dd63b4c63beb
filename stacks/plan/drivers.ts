import { CATALOG } from "../../components/catalog.ts";
import type { Driver } from "../contract/driver.ts";
import type { Environment } from "../contract/environment.ts";
import { nearest } from "../contract/nearest.ts";
import { joinPath, type Path } from "../contract/path.ts";
import { problem, type Problem, type ProblemDetails } from "../contract/problem.ts";
import type { Json } from "../contract/value.ts";

/** Drivers by name. */
export type Drivers = ReadonlyMap<string, Driver>;

/** The drivers of components/catalog.ts. */
export const DRIVERS: Drivers = new Map(CATALOG.map((face) => [face.name, face]));

/** What answers a resource in an environment. */
export interface Choice {
  readonly driver: Driver;
  readonly params: Readonly<Record<string, Json>>;
  /** Index of the rule in the environment's `resources`. */
  readonly rule: number;
}

/** The first rule of the environment that fits type and class, or what is wrong. `at` is where the resource is written. */
export function chooseDriver(
  use: { readonly type: string; readonly class: string },
  environment: Environment,
  drivers: Drivers,
  at: ProblemDetails,
): Choice | Problem {
  const { resources: rules, name } = environment;
  const index = rules.findIndex(
    (rule) => rule.type === use.type && (rule.class === "*" || rule.class === use.class),
  );
  const rule = rules[index];
  if (!rule) {
    const classes = rules.filter(({ type }) => type === use.type).map((found) => found.class);
    const types = [...new Set(rules.map(({ type }) => type))].sort();
    const near = classes.length > 0 ? nearest(use.class, classes) : nearest(use.type, types);
    const hint = near ? `did you mean ${near}?` : howToAnswer(use.type, environment, drivers);
    return problem(
      "FW3001",
      classes.length > 0
        ? `the environment ${name} answers the type ${use.type} only in the class ${classes.join(", ")}, not ${use.class}`
        : `the environment ${name} answers no resource of the type ${use.type}: known are ${types.join(", ") || "none"}`,
      { ...at, hint },
    );
  }
  const driver = drivers.get(rule.driver);
  if (driver?.type !== use.type) return noDriver(environment, index, drivers);
  if (driver.cloud !== undefined && driver.cloud !== environment.cloud.provider)
    return noCloud(environment, index);
  return { driver, params: rule.params, rule: index };
}

/** Types that others have and we have no driver for, and what they would need beside one. */
const NEEDS: Readonly<Record<string, string>> = {
  "dapr-pubsub": "Dapr's control plane in the cluster, and its sidecar in each pod",
  "dapr-state-store": "Dapr's control plane in the cluster, and its sidecar in each pod",
  "dapr-subscription": "Dapr's control plane in the cluster, and its sidecar in each pod",
};

/** What to write so that a type is answered: a rule where there are drivers, else a driver too. */
function howToAnswer(type: string, { file, name, cloud }: Environment, drivers: Drivers): string {
  const found = [...drivers.values()].find(
    (face) => face.type === type && (face.cloud === undefined || face.cloud === cloud.provider),
  );
  const rule = (driver: string): string =>
    `the rule \`- { type: ${type}, driver: ${driver} }\` under spec.resources of ${file}`;
  if (found) return `add ${rule(found.name)}`;
  const needs = Object.hasOwn(NEEDS, type)
    ? `${type} needs ${NEEDS[type]}; to answer it, add `
    : "add ";
  const driver = `${type}-cluster`;
  return `${needs}a driver, components/${type}/${driver}.plan.ts, with a line in components/catalog.ts and, where it builds, one in components/registry.ts, and ${rule(driver)} (components/README.md shows one), or use another type in ${name}`;
}

/** What is wrong with an environment's rules, whether or not a service needs them. */
export function driverProblems(environment: Environment, drivers: Drivers = DRIVERS): Problem[] {
  return environment.resources.flatMap(({ type, driver }, index) => {
    const face = drivers.get(driver);
    if (face?.type !== type) return [noDriver(environment, index, drivers)];
    return face.cloud === undefined || face.cloud === environment.cloud.provider
      ? []
      : [noCloud(environment, index)];
  });
}

const noCloud = ({ name, resources, file }: Environment, index: number): Problem =>
  problem(
    "FW3030",
    `the driver ${resources[index]!.driver} builds in AWS, and ${name} names no account there`,
    {
      file,
      path: `spec.resources.${index}.driver`,
      hint: "write cloud: {provider: aws, region, account}, or name a driver that builds in the cluster",
    },
  );

function noDriver({ resources, file }: Environment, index: number, drivers: Drivers): Problem {
  const { type, driver } = resources[index]!;
  const answers = drivers.get(driver)?.type;
  const names = [...drivers.values()].filter((face) => face.type === type).map((face) => face.name);
  const near = nearest(driver, names);
  return problem(
    "FW3002",
    `the rule for ${type} names the driver ${driver}, ${answers ? `which answers ${answers}` : "which does not exist"}: drivers of ${type} are ${names.join(", ") || "none"}`,
    {
      file,
      path: `spec.resources.${index}.driver`,
      ...(near && { hint: `did you mean ${near}?` }),
    },
  );
}

/** Params that a driver has checked, or what is wrong with them. */
export function checkParams(
  choice: Choice,
  own: Readonly<Record<string, Json>>,
  environment: Environment,
  /** Place of one of the resource's own params, dotted below it. */
  place: (path: string) => ProblemDetails,
): { readonly params: unknown } | { readonly problems: readonly Problem[] } {
  const { driver } = choice;
  const result = driver.params.safeParse({ ...choice.params, ...own });
  if (result.success) return { params: result.data };
  const known = "shape" in driver.params ? Object.keys(driver.params.shape as object).sort() : [];
  const at = (key: string, path: string): ProblemDetails =>
    !Object.hasOwn(own, key) && Object.hasOwn(choice.params, key)
      ? { file: environment.file, path: `spec.resources.${choice.rule}.params.${path}` }
      : place(path);
  return {
    problems: result.error.issues.flatMap((issue) => {
      if (issue.code === "unrecognized_keys" && issue.path.length === 0)
        return issue.keys.map((key) => {
          const near = nearest(key, known);
          return problem(
            "FW3003",
            `the driver ${driver.name} has no parameter ${key}: it takes ${known.join(", ") || "none"}`,
            { ...at(key, joinPath([key])), ...(near && { hint: `did you mean ${near}?` }) },
          );
        });
      const path = joinPath(issue.path as Path);
      const message =
        issue.code === "invalid_value"
          ? `expected ${issue.values.map(String).join(", ")}`
          : issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
      return problem(
        "FW3003",
        `${path ? `the parameter ${path}` : "the parameters"} of the driver ${driver.name}: ${message}`,
        at(String(issue.path[0] ?? ""), path),
      );
    }),
  };
}
