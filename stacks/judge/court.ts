import type { Level } from "../contract/environment.ts";
import type {
  Finding,
  ResourceRule,
  ResourceView,
  Rule,
  StackRule,
  Verdict,
} from "../contract/finding.ts";
import { Guard } from "./guard.ts";
import { levelOf } from "./levels.ts";
import type { JudgeSettings } from "./settings.ts";
import { Unproven } from "./unproven.ts";
import { redact, unwrap } from "./wire.ts";

/** What one call of a rule came to. */
export type Ruling<F> =
  | { readonly outcome: "pass" }
  | { readonly outcome: "fail"; readonly findings: readonly F[] }
  | { readonly outcome: "unproven" | "error"; readonly message: string; readonly path?: string };

/** Judges the resources of one stack as they come, then the stack as a whole. */
export class Court {
  readonly #resourceRules: readonly ResourceRule[];
  readonly #stackRules: readonly StackRule[];
  readonly #levels: ReadonlyMap<string, Level>;
  readonly #applied = new Set<string>();

  /** @param rules Disabled ones are left out. */
  constructor(
    readonly stack: string,
    readonly settings: JudgeSettings,
    rules: readonly Rule[],
  ) {
    this.#levels = new Map(rules.map((rule) => [rule.name, levelOf(rule, settings.levels)]));
    const enabled = rules.filter(({ name }) => this.#levels.get(name) !== "disabled");
    this.#resourceRules = enabled.filter((rule) => rule.scope === "resource");
    this.#stackRules = enabled.filter((rule) => rule.scope === "stack");
  }

  /** A verdict, or one per finding, of every rule that applies to the type of the resource. */
  resource(raw: ResourceView): Verdict[] {
    const rules = this.#resourceRules.filter((rule) => rule.types.includes(raw.type));
    if (rules.length === 0) return [];
    const guard = new Guard();
    const { view, secrets } = shown(raw, guard);
    return rules.flatMap((rule) => {
      this.#applied.add(rule.name);
      return this.#verdicts(
        rule,
        ruling(guard, () => rule.check(view, this.settings), rule.harmless),
        secrets,
        () => raw,
      );
    });
  }

  /**
   * A verdict of every stack rule, on the stack itself unless it found something in a resource; and `not-applicable`
   * for every rule that no resource of the stack was for.
   * @param raw All resources of the stack.
   */
  whole(raw: readonly ResourceView[]): Verdict[] {
    const guard = new Guard();
    const all = raw.map((resource) => shown(resource, guard));
    const secrets = all.flatMap((each) => each.secrets);
    const views = all.map((each) => each.view);
    const byUrn = new Map(raw.map((resource) => [resource.urn, resource]));
    const root = raw.find((resource) => resource.type === STACK) ?? this.#root(raw);
    const stack = this.#stackRules.flatMap((rule) =>
      this.#verdicts(
        rule,
        ruling(guard, () => rule.check(views, this.settings), rule.harmless),
        secrets,
        (finding) => byUrn.get(finding?.urn ?? "") ?? root,
      ),
    );
    const idle = this.#resourceRules
      .filter((rule) => !this.#applied.has(rule.name))
      .map((rule): Verdict => ({ ...this.#head(rule, root), outcome: "not-applicable" }));
    return [...stack, ...idle];
  }

  #verdicts<F extends Finding>(
    rule: Rule,
    ruled: Ruling<F>,
    secrets: readonly string[],
    about: (finding?: F) => Subject,
  ): Verdict[] {
    if (ruled.outcome === "fail")
      return ruled.findings.map((finding) => ({
        ...this.#head(rule, about(finding)),
        outcome: "fail",
        message: redact(finding.message, secrets),
        ...(finding.path !== undefined && { path: finding.path }),
      }));
    const head = { ...this.#head(rule, about()), outcome: ruled.outcome };
    if (ruled.outcome === "pass") return [head];
    const { message, path } = ruled;
    return [{ ...head, message: redact(message, secrets), ...(path !== undefined && { path }) }];
  }

  #head(rule: Rule, { urn, type, name }: Subject) {
    const level = this.#levels.get(rule.name) ?? rule.level;
    return { rule: rule.name, level, severity: rule.severity, stack: this.stack, urn, type, name };
  }

  /** The stack's own resource, as the engine names it, where it was not among the resources. */
  #root(resources: readonly ResourceView[]): Subject {
    const project = resources[0]?.urn.split("::")[1] ?? "fairway";
    const name = `${project}-${this.stack}`;
    return { urn: `urn:pulumi:${this.stack}::${project}::${STACK}::${name}`, type: STACK, name };
  }
}

const STACK = "pulumi:pulumi:Stack";

type Subject = Pick<ResourceView, "urn" | "type" | "name">;

function shown(raw: ResourceView, guard: Guard) {
  const { props, secrets } = unwrap(raw.props);
  return { view: { ...raw, props: guard.view(props) }, secrets };
}

/**
 * Runs a rule. What it found counts first; a value it could not read makes the rest unproven, never passed.
 * @param harmless Paths at which such a value says nothing.
 */
export function ruling<F extends Finding>(
  guard: Guard,
  check: () => readonly F[],
  harmless?: RegExp,
): Ruling<F> {
  let findings: readonly F[] = [];
  let error: unknown;
  try {
    findings = check();
  } catch (thrown) {
    error = thrown;
  }
  const unread = guard.take();
  const path = unread.find((each) => !harmless?.test(each));
  if (findings.length > 0) return { outcome: "fail", findings };
  if (path !== undefined && (error === undefined || Unproven.is(error)))
    return { outcome: "unproven", message: `\`${path}\` is not known yet`, path };
  if (error !== undefined && !(Unproven.is(error) && unread.length > 0))
    return { outcome: "error", message: `the rule itself failed: ${String(error)}` };
  return { outcome: "pass" };
}
