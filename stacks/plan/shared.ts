import type { DriverAnswer, DriverRequest } from "../contract/driver.ts";
import type { Environment } from "../contract/environment.ts";
import { cut, letterFirst, sharedName, stackName } from "../contract/names.ts";
import type { Directory, Edge, Plan, PlanItem, PlanOutput, SharedEntry } from "../contract/plan.ts";
import { FairwayError, type Problem } from "../contract/problem.ts";
import { DATA_CLASSES, type DataClass, type Service, type Use } from "../contract/service.ts";
import {
  type Json,
  type Reference,
  type Text,
  canonicalJson,
  isSecretText,
  isTemplate,
  referencesOf,
} from "../contract/value.ts";
import { cloudOf, platformItem } from "./cloud.ts";
import { DEFAULT } from "./defaults.ts";
import { seal } from "./digest.ts";
import { type Drivers, DRIVERS, checkParams, chooseDriver } from "./drivers.ts";
import { encode, resourcesIn } from "./expand.ts";
import { sharedGuard } from "./guard.ts";
import { TENANCY, labelsOf, namespaceOf } from "./names.ts";
import { fromDefault, problemAt } from "./origins.ts";
import { tenancyItem } from "./tenancy.ts";

/** Shared name of a use with an id. */
export const sharedNameOf = (use: Use & { readonly id: string }): string =>
  sharedName(use.type, use.class, use.id);

/** What several services of an environment use together, with what they disagree about. */
export function collectShared(services: readonly Service[]): {
  readonly shared: Readonly<Record<string, SharedEntry>>;
  readonly problems: readonly Problem[];
} {
  const shared: Record<string, SharedEntry> = {};
  const problems: Problem[] = [];
  for (const service of services)
    for (const [name, use] of Object.entries(service.uses)) {
      if (use.id === undefined) continue;
      const key = sharedNameOf({ ...use, id: use.id });
      const before = shared[key];
      const { type, class: className, id, params } = use;
      for (const [param, value] of Object.entries(params)) {
        const at = `uses.${name}.params.${param}`;
        const other = before?.params[param];
        if (other !== undefined && canonicalJson(other) !== canonicalJson(value))
          problems.push(
            problemAt(
              service,
              at,
              "FW3010",
              `${service.name} and ${before!.users.join(" and ")} give different values for ${param} of the shared ${type} ${id}`,
              "write it in one of them only, or alike in all",
            ),
          );
        if (resourcesIn(value).length > 0)
          problems.push(
            problemAt(
              service,
              at,
              "FW3010",
              `${param} of the shared ${type} ${id} refers to a resource of ${service.name} alone`,
              "write the value itself",
            ),
          );
      }
      shared[key] = {
        type,
        class: className,
        id,
        params: { ...before?.params, ...params },
        users: before?.users.includes(service.name)
          ? before.users
          : [...(before?.users ?? []), service.name],
        dataClass: strictest(before?.dataClass, service.dataClass ?? DEFAULT.dataClass.value),
        guard: sharedGuard(service, name, sharedId(id!), before?.guard),
        ...((!before || before.owner === service.owner) &&
          service.owner !== undefined && { owner: service.owner }),
      };
    }
  return { shared, problems };
}

/** The more sensitive of two data classes: what is shared is kept as the most sensitive of its users needs. */
const strictest = (one: DataClass | undefined, other: DataClass): DataClass =>
  one === undefined || DATA_CLASSES.indexOf(other) > DATA_CLASSES.indexOf(one) ? other : one;

/** Plan item of a shared resource in its own stack. */
const sharedId = (id: string): string => cut(id.toLowerCase(), 50);

/** What the driver is asked for a shared resource: the same for the stack that builds it and for all that use it. */
export function sharedRequest(
  entry: SharedEntry,
  params: unknown,
  environment: Environment,
  directory: Directory,
): DriverRequest<unknown> {
  const name = sharedName(entry.type, entry.class, entry.id);
  const id = sharedId(entry.id);
  return {
    id,
    name: letterFirst(id),
    type: entry.type,
    class: entry.class,
    params,
    identity: `${environment.name}/${entry.type}.${entry.class}#${entry.id}`,
    stack: stackName(name, environment.name),
    service: name,
    namespace: namespaceOf(environment, name),
    labels: labelsOf(environment, name, entry.owner ?? "shared", "standard"),
    dataClass: entry.dataClass,
    environment,
    directory,
    ports: {},
  };
}

/** Whether others can use it over the network, from namespaces of their own. */
export const isSharable = (answer: DriverAnswer): boolean =>
  answer.args !== undefined &&
  ((answer.listens?.length ?? 0) > 0 ||
    (answer.serves?.length ?? 0) > 0 ||
    answer.iam !== undefined);

/**
 * The stack of a resource with an id; undefined where its driver builds nothing that can be shared.
 * @throws FairwayError with what is wrong: no driver (FW3001, FW3002), bad params (FW3003).
 */
export function resolveShared(
  entry: SharedEntry,
  environment: Environment,
  directory: Directory,
  drivers: Drivers = DRIVERS,
): Plan | undefined {
  const choice = chooseDriver(entry, environment, drivers, {});
  if (!("driver" in choice)) throw new FairwayError(choice);
  const checked = checkParams(choice, entry.params, environment, () => ({}));
  if ("problems" in checked) throw new FairwayError(checked.problems);
  const request = sharedRequest(entry, checked.params, environment, directory);
  const answer = choice.driver.plan(request);
  if (!answer.args || !isSharable(answer)) return undefined;
  const { id, stack, service: name, namespace, labels } = request;
  const origin = fromDefault(`used by ${entry.users.join(", ")}`);
  const edges: Edge[] = [
    ...(answer.listens ?? []).map(({ port, protocol }): Edge => ({
      from: { kind: "consumers", of: name },
      to: { kind: "self", item: id },
      port,
      protocol,
      origin,
    })),
    ...(answer.edges ?? []).filter(({ from }) => from.kind !== "self" || from.item !== ""),
  ];
  const item: PlanItem = {
    id,
    component: choice.driver.component ?? choice.driver.name,
    args: answer.args,
    origins: {
      "": { from: "environment", file: environment.file, path: `spec.resources.${choice.rule}` },
    },
    after: [TENANCY],
    stateful: choice.driver.stateful,
    ...(answer.costs && { costs: answer.costs }),
    ...(choice.driver.stateful && environment.stateful === "protect" && { protect: true }),
  };
  const cloud = cloudOf([item], { ...entry, name, owner: entry.owner, environment }, drivers);
  return seal({
    stack,
    kind: "shared",
    name,
    environment: environment.name,
    namespace,
    ...(cloud && { cloud }),
    labels,
    items: [
      tenancyItem({ name, namespace, labels, owner: entry.owner, edges, environment }),
      ...platformItem([item], environment.name),
      item,
    ],
    patches: [],
    edges,
    outputs: outputsOf(answer, id),
    dependsOn: [stackName("platform", environment.name), ...(answer.dependsOn ?? [])].sort(),
    images: {},
    refusals: [],
    notes: [],
    ...(entry.guard && { guard: entry.guard }),
  });
}

/** Every output, and each raw one that another is made of, so that users can be given them by name. */
function outputsOf(answer: DriverAnswer, id: string): Record<string, PlanOutput> {
  const outputs: Record<string, PlanOutput> = {};
  const raw = [
    ...(answer.serves ? ["securityGroupId"] : []),
    ...(Object.values(answer.outputs).some((value) => isHeld(encode(value))) ? ["secretArn"] : []),
  ];
  for (const name of raw)
    outputs[name] = {
      value: { $template: [{ ref: id, output: name, secret: false }] },
      secret: false,
    };
  for (const [name, value] of Object.entries(answer.outputs)) {
    const text = encode(value);
    // What the cloud holds is read there by whoever needs it.
    if (isHeld(text)) continue;
    outputs[name] = { value: text, secret: isSecretText(text) };
    for (const reference of referencesOf(text))
      if (reference.ref === id && !Object.hasOwn(answer.outputs, reference.output))
        outputs[reference.output] = {
          value: { $template: [reference] },
          secret: reference.secret,
        };
  }
  return Object.fromEntries(Object.entries(outputs).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const isHeld = (text: Text): boolean => referencesOf(text).some(({ held }) => held);

/** A shared resource's outputs as one of its users sees them: what only its stack knows is read from there. */
export function asReference(value: Text | Json, sharedId: string, item: string): Text | Json {
  if (!isTemplate(value)) return value;
  return {
    $template: value.$template.map((part): string | Reference =>
      typeof part !== "string" && part.ref === sharedId ? { ...part, ref: item } : part,
    ),
  };
}
