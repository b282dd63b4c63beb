import type { ClaimSpec } from "../../components/workload/workload.plan.ts";
import { PLATFORM } from "../../components/base/aws.plan.ts";
import type { DriverAnswer, DriverRequest } from "../contract/driver.ts";
import type { Environment } from "../contract/environment.ts";
import type { ExplainedStatement, IamStatement } from "../contract/iam.ts";
import type { Directory, Edge, Peer, PlanItem } from "../contract/plan.ts";
import { FairwayError, type Problem } from "../contract/problem.ts";
import type { Port, Scaling, Service, Use } from "../contract/service.ts";
import { sourceOf } from "../contract/source.ts";
import { type Json, type Text, referencesOf } from "../contract/value.ts";
import { cut, letterFirst, recordedName, stackName } from "../contract/names.ts";
import { type Choice, type Drivers, checkParams, chooseDriver } from "./drivers.ts";
import { type Outputs, type Scope, encode, expandJson, resourcesIn } from "./expand.ts";
import { DEFAULT } from "./defaults.ts";
import {
  IDENTITY,
  MONITORING,
  NETWORK,
  TENANCY,
  WORKLOAD,
  itemId,
  objectName,
  passwordIdentity,
} from "./names.ts";
import { fromDescriptor, fromEnvironment, problemAt } from "./origins.ts";
import { scaledTwice } from "./scaling.ts";
import { asReference, isSharable, sharedNameOf, sharedRequest } from "./shared.ts";

/** What is known of a service before its resources are answered. */
export interface UsesContext {
  readonly service: Service;
  readonly environment: Environment;
  readonly directory: Directory;
  readonly drivers: Drivers;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, Port>>;
  readonly problems: Problem[];
}

/** What the resources of a service come to. */
export interface Uses {
  readonly items: readonly PlanItem[];
  /** Resource → outputs, in the order of names. */
  readonly outputs: ReadonlyMap<string, Outputs>;
  readonly edges: readonly Edge[];
  readonly dependsOn: readonly string[];
  /** Resource → text that changes with its credentials. */
  readonly revisions: Readonly<Record<string, string>>;
  /** Resource → volume of each replica, of stateful services. */
  readonly claims: ReadonlyMap<string, ClaimSpec>;
  readonly scaling?: { readonly scaling: Scaling; readonly use: string };
  /** What the pods may do in the cloud, each with the line that led to it. */
  readonly iam: readonly ExplainedStatement[];
}

/** Answers every resource of a service by the environment's rules, in the order in which they refer to each other. */
export function resolveUses(context: UsesContext): Uses {
  const { service } = context;
  const items: PlanItem[] = [];
  const outputs = new Map<string, Outputs>();
  const edges: Edge[] = [];
  const dependsOn: string[] = [];
  const revisions: Record<string, string> = {};
  const claims = new Map<string, ClaimSpec>();
  const scaled = new Map<string, Scaling>();
  const iam: ExplainedStatement[] = [];
  const scope: Scope = { service, outputs, problems: context.problems };
  for (const name of orderUses(service, context.problems)) {
    const use = service.uses[name]!;
    const answered = answer(name, use, context, scope);
    if (!answered) continue;
    outputs.set(name, answered.outputs);
    edges.push(...answered.edges);
    dependsOn.push(...answered.dependsOn);
    if (answered.item) {
      const needed = resourcesIn(service.uses[name]!.params).map((other) =>
        itemId(other, service.uses[other]!),
      );
      const first = needed.filter((id) => items.some((built) => built.id === id));
      items.push({ ...answered.item, after: [...answered.item.after, ...first] });
    }
    if (answered.claim) claims.set(name, answered.claim);
    if (answered.revision !== undefined) revisions[name] = answered.revision;
    if (answered.scaling) scaled.set(name, answered.scaling);
    const origin = fromDescriptor(service, `uses.${name}`);
    iam.push(...(answered.iam ?? []).map((statement) => ({ statement, origin })));
  }
  items.sort((a, b) => (a.id < b.id ? -1 : 1));
  context.problems.push(...scaledTwice(service, [...scaled.keys()]));
  const [scaling] = [...scaled].map(([use, said]) => ({ scaling: said, use }));
  return { items, outputs, edges, dependsOn, revisions, claims, iam, ...(scaling && { scaling }) };
}

/** Names in order, what others refer to first. A circle is a problem, and what is in it is left out. */
function orderUses(service: Service, problems: Problem[]): string[] {
  const names = Object.keys(service.uses).sort();
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (name: string, path: readonly string[]): void => {
    const found = state.get(name);
    if (found === "done") return;
    if (found === "open") {
      const circle = [...path.slice(path.indexOf(name)), name];
      problems.push(
        problemAt(
          service,
          `uses.${name}`,
          "FW1211",
          `resources refer to each other in a circle: ${circle.join(" → ")}`,
          "take one of the references out",
        ),
      );
      return;
    }
    state.set(name, "open");
    for (const other of resourcesIn(service.uses[name]!.params))
      if (Object.hasOwn(service.uses, other)) visit(other, [...path, name]);
    state.set(name, "done");
    order.push(name);
  };
  for (const name of names) visit(name, []);
  return order;
}

interface Answered {
  readonly outputs: Outputs;
  readonly edges: readonly Edge[];
  readonly dependsOn: readonly string[];
  readonly item?: PlanItem;
  readonly claim?: ClaimSpec;
  readonly revision?: string;
  readonly scaling?: Scaling;
  readonly iam?: readonly IamStatement[];
}

function answer(name: string, use: Use, context: UsesContext, scope: Scope): Answered | undefined {
  const { service, environment, drivers, problems } = context;
  const at = sourceOf(service, `uses.${name}`);
  const choice = chooseDriver(use, environment, drivers, { ...at, path: `${at.path}.type` });
  if (!("driver" in choice)) {
    problems.push(choice);
    return undefined;
  }
  const before = problems.length;
  const shared =
    use.id === undefined
      ? undefined
      : context.directory.shared?.[sharedNameOf({ ...use, id: use.id })];
  const own =
    shared?.params ?? (expandJson(use.params, scope, `uses.${name}.params`) as typeof use.params);
  if (problems.length > before) return undefined;
  const checked = checkParams(choice, own, environment, (path) =>
    sourceOf(service, path === "" ? `uses.${name}` : `uses.${name}.params.${path}`),
  );
  if ("problems" in checked) {
    problems.push(...checked.problems);
    return undefined;
  }
  try {
    if (shared) {
      const request = sharedRequest(shared, checked.params, environment, context.directory);
      const theirs = choice.driver.plan(request);
      if (isSharable(theirs)) return sharedAnswer(name, request, theirs, context);
    }
    if (shared && shared.users.length > 1 && choice.driver.stateful)
      problems.push(
        problemAt(
          service,
          `uses.${name}.id`,
          "FW3010",
          `a ${use.type} cannot be shared, since it is not reached over the network: ${shared.users.join(", ")} name ${use.id}`,
          "leave the id out, and give each service its own",
        ),
      );
    return privateAnswer(name, use, choice, checked.params, context);
  } catch (error) {
    if (!FairwayError.is(error)) throw error;
    problems.push(...error.problems.map((found) => ({ ...at, ...found })));
    return undefined;
  }
}

/** A resource of a stack of its own: its pods are reached there, and its secrets are read from its outputs. */
function sharedAnswer(
  name: string,
  request: DriverRequest<unknown>,
  theirs: DriverAnswer,
  { service }: UsesContext,
): Answered {
  const { stack, namespace, id } = request;
  const item = itemId(name, service.uses[name]!);
  const outputs = Object.fromEntries(
    Object.entries(theirs.outputs).map(([key, value]) => [key, asReference(value, id, item)]),
  );
  const reads = Object.values(outputs).some((value) => referencesOf(encode(value)).length > 0);
  const origin = fromDescriptor(service, `uses.${name}`);
  const self = { kind: "self", item: WORKLOAD } as const;
  const edge = (to: Peer, { port, protocol }: Pick<Edge, "port" | "protocol">): Edge => ({
    from: self,
    to,
    port,
    protocol,
    origin,
  });
  return {
    outputs,
    edges: [
      ...(theirs.listens ?? []).map((at) =>
        edge({ kind: "stack", stack, namespace, item: id }, at),
      ),
      ...(theirs.serves ?? []).map((at) => edge({ kind: "cloud", item }, at)),
      ...(theirs.edges ?? [])
        .filter(({ from }) => from.kind === "self" && from.item === "")
        .map(({ to, ...at }) => edge(to, at)),
    ],
    dependsOn: [stack],
    iam: (theirs.iam ?? []).map((statement) => inStack(statement, id, item)),
    ...((reads || (theirs.serves ?? []).length > 0) && {
      item: {
        id: item,
        component: "shared-reference",
        args: { stack },
        origins: { "": origin },
        after: [],
        stateful: false,
      },
    }),
    ...(theirs.revision !== undefined && { revision: theirs.revision }),
  };
}

/** A statement whose references to the shared item go to the reference to its stack. */
function inStack(statement: IamStatement, sharedId: string, item: string): IamStatement {
  return {
    ...statement,
    resources: statement.resources.map((text) => asReference(text, sharedId, item) as Text),
  };
}

/** A resource of the service's own, in its namespace. */
function privateAnswer(
  name: string,
  use: Use,
  choice: Choice,
  params: unknown,
  context: UsesContext,
): Answered {
  const { service, environment, directory, namespace, labels, ports } = context;
  const { driver } = choice;
  const id = itemId(name, use);
  const base = recordedName(service);
  const request: DriverRequest<unknown> = {
    id,
    called: { service: service.name, resource: name },
    name: cut(letterFirst(id), 52),
    type: use.type,
    class: use.class,
    params,
    identity: passwordIdentity(environment.name, service, name, use),
    stack: stackName(base, environment.name),
    service: base,
    namespace,
    labels,
    dataClass: service.dataClass ?? DEFAULT.dataClass.value,
    environment,
    directory,
    ports,
  };
  const {
    args,
    outputs,
    listens,
    edges = [],
    dependsOn = [],
    revision,
    scaling,
    serves,
    iam,
    costs,
  } = driver.plan(request);
  const origin = fromDescriptor(service, `uses.${name}`);
  const claim =
    args && service.type === "stateful" && driver.type === "volume" ? claimOf(id, args) : undefined;
  const { stateful } = driver;
  const protect = stateful && environment.stateful === "protect";
  const item: PlanItem | undefined =
    args && !claim
      ? {
          id,
          component: driver.component ?? driver.name,
          args,
          origins: { "": origin, ...paramOrigins(name, service, choice, context) },
          after: [TENANCY],
          stateful,
          ...(protect && { protect }),
          ...(costs && { costs }),
        }
      : undefined;
  if (item) checkName(name, item, request.name, context);
  return {
    outputs,
    edges: [
      ...(listens ?? []).map(({ port, protocol }): Edge => ({
        from: { kind: "self", item: WORKLOAD },
        to: { kind: "self", item: id },
        port,
        protocol,
        origin,
      })),
      ...(serves ?? []).map(({ port, protocol }): Edge => ({
        from: { kind: "self", item: WORKLOAD },
        to: { kind: "cloud", item: id },
        port,
        protocol,
        origin,
      })),
      ...edges.map((edge): Edge => ({
        ...edge,
        from: asking(edge.from),
        to: asking(edge.to),
        origin: edge.origin.from === "default" ? origin : edge.origin,
      })),
    ],
    dependsOn,
    ...(item && { item }),
    ...(claim && { claim }),
    ...(revision !== undefined && { revision }),
    ...(scaling && { scaling }),
    ...(iam && { iam }),
  };
}

/** Origins of what the environment's rule or the descriptor says of single params. */
function paramOrigins(
  name: string,
  service: Service,
  choice: Choice,
  { environment }: UsesContext,
): PlanItem["origins"] {
  const keys = Object.keys(choice.params).filter(
    (key) => !Object.hasOwn(service.uses[name]!.params, key),
  );
  return Object.fromEntries(
    keys.map((key) => [
      key,
      fromEnvironment(environment, `resources.${choice.rule}.params.${key}`),
    ]),
  );
}

const asking = (peer: Peer): Peer =>
  peer.kind === "self" && peer.item === "" ? { kind: "self", item: WORKLOAD } : peer;

/** The claim that a volume driver would build, as a template of which each replica gets its own. */
function claimOf(name: string, args: Readonly<Record<string, unknown>>): ClaimSpec | undefined {
  const { storage, storageClass, accessMode } = args;
  if (typeof storage !== "string" || typeof accessMode !== "string") return undefined;
  return {
    name: cut(`volume-${name}`, 63),
    size: storage,
    ...(typeof storageClass === "string" && { storageClass }),
    accessModes: [accessMode],
  };
}

/** The platform's own items and the workload's objects have names that a resource cannot take. */
function checkName(
  name: string,
  item: PlanItem,
  object: string,
  { service, problems }: UsesContext,
): void {
  if (
    ![TENANCY, WORKLOAD, MONITORING, IDENTITY, NETWORK, PLATFORM].includes(item.id) &&
    object !== objectName(service)
  )
    return;
  problems.push(
    problemAt(
      service,
      `uses.${name}`,
      "FW3009",
      `the resource name ${item.id} is taken: ${object === objectName(service) ? "the service's own objects have it" : "the platform uses it"}`,
      `write another name, such as ${item.id}-store`,
    ),
  );
}

/** Variables `<NAME>_<OUTPUT>` of all resources, in the order of names; what is not text or a number is left out. */
export function variablesOf(
  outputs: ReadonlyMap<string, Outputs>,
): Record<string, Json | Outputs[string]> {
  const variables: Record<string, Outputs[string]> = {};
  for (const [name, values] of outputs)
    for (const [output, value] of Object.entries(values))
      if (typeof value !== "object" || (value !== null && "$template" in value))
        variables[`${name}_${output}`.toUpperCase().replace(/[^A-Z0-9]+/g, "_")] = value;
  return variables;
}
