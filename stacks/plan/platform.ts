import { CUSTOM_KINDS, type PlatformSpec } from "../../components/platform/platform.plan.ts";
import type { Environment } from "../contract/environment.ts";
import { platformStack } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import { TIERS } from "../contract/service.ts";
import { TIER } from "./defaults.ts";
import { seal } from "./digest.ts";
import { labelsOf, priorityClassOf } from "./names.ts";
import { fromDefault, fromEnvironment } from "./origins.ts";
import { argsOf } from "./tenancy.ts";

/**
 * The stack of what the services of an environment share. The embedded control plane brings storage and nothing else; a
 * cluster with a name of its own brings its operators' CRDs and its ingress class, which are theirs.
 */
export function resolvePlatform(environment: Environment): Plan {
  const embedded = "embedded" in environment.cluster;
  const labels = labelsOf(environment, "platform", "platform", "critical");
  const spec: PlatformSpec = {
    labels,
    customKinds: embedded ? CUSTOM_KINDS : [],
    priorityClasses: TIERS.map((tier) => ({
      name: priorityClassOf(environment.name, tier),
      value: TIER[tier].priority,
      preemption: TIER[tier].preemption,
      description: `Services of the tier ${tier} in ${environment.name}`,
    })),
    ...(embedded && {
      ingressClass: { name: environment.ingressClass, controller: "fairway.dev/ingress" },
    }),
  };
  return seal({
    stack: platformStack(environment.name),
    kind: "platform",
    name: "platform",
    environment: environment.name,
    namespace: "",
    labels,
    items: [
      {
        id: "platform",
        component: "platform",
        args: argsOf(spec),
        origins: {
          "": fromEnvironment(environment, "cluster"),
          priorityClasses: fromDefault("one for each tier"),
          ingressClass: fromEnvironment(environment, "ingressClass"),
        },
        after: [],
        stateful: false,
      },
    ],
    patches: [],
    edges: [],
    outputs: {},
    dependsOn: [],
    images: {},
    refusals: [],
    notes: [],
  });
}
