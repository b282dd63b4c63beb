import type { IdentitySpec } from "../../components/identity/identity.plan.ts";
import type { Origin, Positions } from "../contract/origin.ts";
import type { Plan } from "../contract/plan.ts";
import { isTemplate, type Text } from "../contract/value.ts";
import { IDENTITY } from "../plan/names.ts";
import { whyOf } from "../plan/tree.ts";

/** A statement of a policy as people and machines read it. */
export interface ReportedStatement {
  readonly sid: string;
  readonly actions: readonly string[];
  /** What is known only when the other item is built is written `${item.output}`. */
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly reason: string;
  readonly wildcard?: string;
  readonly origin: Origin;
  /** The origin in words: file, line and field. */
  readonly from: string;
}

/** What the pods of a service may do in the account of an environment. */
export interface IamReport {
  readonly environment: string;
  /** Role of the pods; absent: they may do nothing. */
  readonly role?: string;
  readonly permissionsBoundary?: string;
  readonly statements: readonly ReportedStatement[];
}

/** What a service's plan lets its pods do, with the line that each statement comes from. */
export function iamReport(plan: Plan, positions: Positions): IamReport {
  const item = plan.items.find(({ id }) => id === IDENTITY);
  if (!item) return { environment: plan.environment, statements: [] };
  const spec = item.args as unknown as IdentitySpec;
  return {
    environment: plan.environment,
    role: spec.role,
    ...(spec.permissionsBoundary !== undefined && {
      permissionsBoundary: spec.permissionsBoundary,
    }),
    statements: spec.statements.map(({ resources, conditions, ...statement }, index) => {
      const origin = item.origins[`statements.${index}`] ?? item.origins[""]!;
      return {
        ...statement,
        resources: resources.map(words),
        ...(conditions && { conditions: conditionWords(conditions) }),
        origin,
        from: whyOf(origin, positions),
      };
    }),
  };
}

const words = (text: Text): string =>
  isTemplate(text)
    ? text.$template
        .map((part) => (typeof part === "string" ? part : `\${${part.ref}.${part.output}}`))
        .join("")
    : text;

const conditionWords = (
  conditions: NonNullable<IdentitySpec["statements"][number]["conditions"]>,
): NonNullable<ReportedStatement["conditions"]> =>
  Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, values.map(words)])),
    ]),
  );

/** The same for people. */
export function iamText(
  service: string,
  reports: readonly IamReport[],
  bold: (text: string) => string,
): string {
  return reports
    .map(({ environment, role, permissionsBoundary, statements }) =>
      [
        `${bold(`${service} in ${environment}`)}: ${role === undefined ? "its pods may do nothing in a cloud" : `role ${role}`}`,
        ...(permissionsBoundary === undefined ? [] : [`  bounded by ${permissionsBoundary}`]),
        ...statements.map(statementText),
      ].join("\n"),
    )
    .join("\n\n");
}

const statementText = (statement: ReportedStatement): string =>
  [
    `  ${statement.sid}: ${statement.reason}  ← ${statement.from}`,
    `    may  ${statement.actions.join(", ")}`,
    ...statement.resources.map((resource) => `    on   ${resource}`),
    ...Object.entries(statement.conditions ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, values]) => `    if   ${key} ${operator} ${values.join(", ")}`,
      ),
    ),
    ...(statement.wildcard === undefined ? [] : [`    *    ${statement.wildcard}`]),
  ].join("\n");
