import type { Bill } from "./cost.ts";
import type { Level } from "./environment.ts";
import type { Position } from "./origin.ts";

/** How bad it is when a rule is broken, from the least on. */
export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
/** One of {@link SEVERITIES}. */
export type Severity = (typeof SEVERITIES)[number];

/** A resource as a rule sees it: what the engine sends, or what stacks/record registers. */
export interface ResourceView {
  readonly urn: string;
  /** Pulumi type token: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Checked inputs. Unknown values throw `Unproven` when touched (see stacks/judge). */
  readonly props: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  /** It is read and not made; the engine shows such a resource to no rule. */
  readonly read?: true;
}

/** What a rule may know of the environment: data only, made from the environment file by stacks/judge. */
export interface RuleSettings {
  readonly environment: string;
  readonly registries: readonly string[];
  readonly digest: "required" | "optional";
  /** At least this many replicas (and a PodDisruptionBudget from 2 on). */
  readonly minReplicas: number;
}

/** One thing that a rule found. */
export interface Finding {
  /** Lower case, says what was found and what is allowed. Never holds a secret's value. */
  readonly message: string;
  /** Dotted path in the resource's props: `spec.template.spec.containers[0].image`. */
  readonly path?: string;
}

/** A control of a framework that a rule helps to meet, with the source of the mapping. */
export interface ControlRef {
  readonly framework: string;
  readonly version: string;
  readonly id: string;
  readonly source: string;
}

interface RuleFace {
  /** Kebab-case, stable, also the name in the CrossGuard pack. */
  readonly name: string;
  /** What it demands, one sentence. */
  readonly description: string;
  readonly why: string;
  readonly fix: string;
  readonly severity: Severity;
  /** Unless policies/levels.yaml or the environment says otherwise. */
  readonly level: Level;
  /** Descriptor fields that lead to it, most likely first, by kind of descriptor. */
  readonly fields: {
    readonly ServiceRequest: readonly string[];
    readonly Score: readonly string[];
  };
  readonly frameworks: readonly ControlRef[];
  /**
   * Paths at which a value that is not known yet says nothing against the resource, such as one that comes from another
   * resource where the rule is about what people write. Default none: the verdict is unproven.
   */
  readonly harmless?: RegExp;
}

/** A rule on one resource. Pure: no clock, no files, no Pulumi. */
export interface ResourceRule extends RuleFace {
  readonly scope: "resource";
  /** Pulumi types it applies to. */
  readonly types: readonly string[];
  check(resource: ResourceView, settings: RuleSettings): readonly Finding[];
}

/** A rule on all resources of a stack. */
export interface StackRule extends RuleFace {
  readonly scope: "stack";
  check(
    resources: readonly ResourceView[],
    settings: RuleSettings,
  ): readonly (Finding & { readonly urn: string })[];
}

/** A rule about one resource, or about all resources of a stack together. */
export type Rule = ResourceRule | StackRule;

/** A rule on what plans come to, judged before anything runs (ADR 0011). */
export interface EstimateRule extends RuleFace {
  readonly scope: "estimate";
  check(bill: Bill): {
    readonly outcome: "pass" | "fail" | "unproven";
    readonly message: string;
  };
}

/** What a rule says of a resource. `unproven`: a value that decides it is not known yet; never shown as passed. */
export const OUTCOMES = ["pass", "fail", "unproven", "not-applicable", "waived", "error"] as const;
/** One of {@link OUTCOMES}. */
export type Outcome = (typeof OUTCOMES)[number];

/** One line of the verdict file: a rule, a resource, an outcome. */
export interface Verdict {
  readonly rule: string;
  readonly level: Level;
  readonly severity: Severity;
  readonly outcome: Outcome;
  readonly stack: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly message?: string;
  /** Dotted path in the resource's props. */
  readonly path?: string;
  /** Place in the descriptor, found by stacks/judge after the run. */
  readonly at?: Position & { readonly path: string };
}
