import type {
  Policies,
  ReportViolation,
  ResourceValidation,
  ResourceValidationPolicy,
} from "@pulumi/policy";
import type { Level } from "../../stacks/contract/environment.ts";
import type { Finding, ResourceRule, ResourceView, Rule } from "../../stacks/contract/finding.ts";
import { type Ruling, ruling } from "../../stacks/judge/court.ts";
import { Guard } from "../../stacks/judge/guard.ts";
import { levelOf } from "../../stacks/judge/levels.ts";
import type { JudgeSettings } from "../../stacks/judge/settings.ts";

/** A rule as a policy of `@pulumi/policy`, enforced as the environment in the URN says. */
export function policyOf(rule: Rule, settings: (urn: string) => JudgeSettings): Policies[number] {
  const [framework] = rule.frameworks;
  const face = {
    name: rule.name,
    description: rule.description,
    severity: rule.severity,
    enforcementLevel: rule.level,
    remediationSteps: rule.fix,
    tags: rule.frameworks.map(({ framework: name, version, id }) => `${name} ${version}: ${id}`),
    ...(framework && {
      framework: {
        name: framework.framework,
        version: framework.version,
        reference: framework.source,
        specification: framework.id,
      },
    }),
  };
  if (rule.scope === "resource")
    return { ...face, validateResource: validationOf(rule, settings) } as ResourceValidationPolicy;
  return {
    ...face,
    validateStack({ resources }, report) {
      const [first] = resources;
      if (!first) return;
      const own = settings(first.urn);
      if (levelOf(rule, own.levels) === "disabled") return;
      const guard = new Guard();
      const views = resources.map((one): ResourceView => view(one, guard));
      tell(
        rule,
        own,
        ruling(guard, () => rule.check(views, own), rule.harmless),
        report,
        ({ urn }) => urn,
      );
    },
  };
}

function validationOf(
  rule: ResourceRule,
  settings: (urn: string) => JudgeSettings,
): ResourceValidation {
  const validate: ResourceValidation & { __pulumiType?: string } = (resource, report) => {
    if (!rule.types.includes(resource.type)) resource.notApplicable("another type");
    const own = settings(resource.urn);
    if (levelOf(rule, own.levels) === "disabled") resource.notApplicable("disabled here");
    const guard = new Guard();
    const shown = view(resource, guard);
    tell(
      rule,
      own,
      ruling(guard, () => rule.check(shown, own), rule.harmless),
      report,
      () => resource.urn,
    );
  };
  // What the SDK's own `validateResourceOfType` sets: others are sorted out before their properties are read.
  if (rule.types.length === 1) validate.__pulumiType = rule.types[0]!;
  return validate;
}

const view = (
  { urn, type, name, props }: Pick<ResourceView, "urn" | "type" | "name" | "props">,
  guard: Guard,
): ResourceView => ({ urn, type, name, props: guard.view(props) });

/** What the SDK takes beside text, without saying so in its types: a violation with a level of its own. */
type Report = (violation: {
  readonly message: string;
  readonly urn?: string;
  readonly enforcementLevel: Level;
}) => void;

function tell<F extends Finding>(
  rule: Rule,
  settings: JudgeSettings,
  ruled: Ruling<F>,
  given: ReportViolation,
  urnOf: (finding: F) => string,
): void {
  const report = given as unknown as Report;
  const said = (message: string) => `${rule.description}\n${message}`;
  switch (ruled.outcome) {
    case "fail":
      for (const finding of ruled.findings)
        report({
          message: said(finding.message),
          urn: urnOf(finding),
          enforcementLevel: levelOf(rule, settings.levels),
        });
      break;
    case "unproven":
      report({
        message: said(`cannot be decided yet: ${ruled.message}`),
        enforcementLevel: "advisory",
      });
      break;
    case "error":
      throw new Error(ruled.message);
    case "pass":
  }
}
