import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import {
  type Input,
  type Output,
  type Resource,
  type ResourceTransformation,
  output,
  secret,
} from "@pulumi/pulumi";
import { buildContext } from "../../components/base/context.ts";
import { REGISTRY } from "../../components/registry.ts";
import { stackBase } from "../contract/names.ts";
import type { Plan, PlanItem } from "../contract/plan.ts";
import { FairwayError, fail } from "../contract/problem.ts";
import type { Reference } from "../contract/value.ts";
import type { ProgramContext } from "./context.ts";
import { orderItems, referencesIn } from "./order.ts";
import { patcher } from "./patches.ts";
import { memoryOutputs } from "./memory.ts";
import { RECORDED } from "./names.ts";
import { protectedItems, protector } from "./protect.ts";
import { type RecordedSpec, recordedAliases, recordedResources } from "./recorded.ts";
import { sharedReference } from "./shared-reference.ts";

interface Built {
  readonly component?: Resource;
  readonly outputs: Readonly<Record<string, Input<string>>>;
}

/**
 * What the engine runs for a stack: builds a plan's items in order, inside a Pulumi language runtime.
 * @returns The stack's outputs: the plan's, and `digest`, which says from which plan the state was made.
 * @throws FairwayError FW3090 where a patch of the descriptor matches no object.
 */
export async function program(
  plan: Plan,
  context: ProgramContext,
): Promise<Record<string, Output<string>>> {
  // Captured stacks cost more than half of a registration; what fails later is told by its URN.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return build(plan, context);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/**
 * The SDK writes the variable KUBECONFIG into the provider's inputs: a path of one machine or even credentials would
 * enter the state. The provider reads the variable itself.
 */
const withoutKubeconfig: ResourceTransformation = ({ props, opts }) => ({
  props: { ...props, kubeconfig: undefined },
  opts,
});

/** The account that a plan's items are built in. */
const accountOf = (cloud: Plan["cloud"]): AwsProvider | undefined =>
  cloud &&
  new AwsProvider("cloud", {
    region: cloud.region,
    allowedAccountIds: [cloud.account],
    defaultTags: { tags: { ...cloud.tags } },
  });

function build(plan: Plan, context: ProgramContext): Record<string, Output<string>> {
  const settings = {
    enableServerSideApply: true,
    enableConfigMapMutable: true,
    enableSecretMutable: true,
    clusterIdentifier: plan.environment,
    ...(context.kubernetes.context !== undefined && { context: context.kubernetes.context }),
  };
  const again = plan.items.find(({ component }) => component === RECORDED);
  if (again) {
    const { specs } = again.args as unknown as { readonly specs: readonly RecordedSpec[] };
    recordedResources(specs);
    return {};
  }
  const cluster = new Provider("cluster", settings, { transformations: [withoutKubeconfig] });
  const account = accountOf(plan.cloud);
  const built = new Map<string, Built>();
  const lookup = ({ ref, output: key }: Reference): Input<string> =>
    built.get(ref)?.outputs[key] ??
    fail("FW9000", `the component of item ${ref} gives no output ${key}`);
  const tools = buildContext({
    namespace: plan.namespace,
    labels: plan.labels,
    key: context.key,
    lookup,
  });
  const patches = patcher(plan.patches);
  const guarded = protectedItems(plan);

  const { recorded = [], spent = [] } = context;
  const identities = identitiesOf(plan, context.identities);
  const aliases = recordedAliases(recorded);

  const buildItem = (item: PlanItem): Built => {
    const name = `${stackBase(plan.stack)}-${item.id}`;
    if (item.component === "shared-reference") {
      const { stack } = tools.fromPlan<{ stack: string }>(item.args);
      return sharedReference(
        name,
        stack,
        context.sharedStacks.has(stack),
        outputsUsed(plan, item.id),
      );
    }
    const builder =
      REGISTRY[item.component] ?? fail("FW9000", `components/registry.ts has no ${item.component}`);
    const transformations: ResourceTransformation[] = [patches.transformation, aliases];
    if (guarded.has(item.id)) transformations.push(protector);
    const identity = identities[item.id];
    const args = identity === undefined ? item.args : { ...item.args, identity };
    return builder(name, args, tools, {
      providers: { kubernetes: cluster, ...(account && { aws: account }) },
      dependsOn: item.after.flatMap((id) => built.get(id)?.component ?? []),
      transformations,
    });
  };
  for (const item of orderItems(plan.items)) built.set(item.id, buildItem(item));

  const unmatched = patches.unmatched();
  if (unmatched.length > 0) throw new FairwayError(unmatched);
  const outputs: Record<string, Output<string>> = { digest: output(plan.digest) };
  for (const [name, text] of Object.entries(memoryOutputs({ spent, identities })))
    outputs[name] = output(text);
  for (const [name, { value, secret: hidden }] of Object.entries(plan.outputs)) {
    const text = tools.resolve(value);
    outputs[name] = hidden ? secret(text) : output(text);
  }
  return outputs;
}

/** What the passwords of a plan's items are derived from: what they were first derived from. */
function identitiesOf(
  { items }: Plan,
  known: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(
    items.flatMap(({ id, args: { identity } }) =>
      typeof identity === "string" ? [[id, known[id] ?? identity]] : [],
    ),
  );
}

/** Names of an item's outputs that anything in the plan refers to. */
function outputsUsed(plan: Plan, id: string): Set<string> {
  const references = referencesIn([plan.items.map((item) => item.args), plan.outputs]);
  return new Set(
    references.filter((reference) => reference.ref === id).map((reference) => reference.output),
  );
}
