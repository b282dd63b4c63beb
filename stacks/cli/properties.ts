import { nearest } from "../contract/nearest.ts";
import { FairwayError, problem, type Problem } from "../contract/problem.ts";
import { OVERRIDE_FLAG } from "../contract/source.ts";
import type { Workspace } from "../contract/workspace.ts";
import { parseProperty, type PropertyOverride } from "../load/properties.ts";
import type { Input } from "./command.ts";

/** What `--override-property` says; without a service of its own it is of the one that is named. */
export function propertiesOf({ flags, operands }: Input): PropertyOverride[] {
  const [only = "", ...others] = operands;
  const service = others.length === 0 && /^[a-z0-9-]+$/.test(only) ? only : undefined;
  return ((flags["override-property"] as readonly string[] | undefined) ?? []).map((text) =>
    parseProperty(text, service),
  );
}

/**
 * Whether every property found its Score document.
 * @throws FairwayError FW7006 where there is no such service, FW7042 where it is a ServiceRequest.
 */
export function checkProperties(
  { services, problems: unread }: Workspace,
  properties: readonly PropertyOverride[],
): void {
  const problems = properties.flatMap(({ service }): Problem[] => {
    const found = Object.hasOwn(services, service) ? services[service] : undefined;
    if (found?.file.endsWith("/service.yaml"))
      return [
        problem("FW7042", `\`${OVERRIDE_FLAG}\` names ${service}, which is a ServiceRequest`, {
          hint: "write the value under spec.environments of its service.yaml",
        }),
      ];
    // A document that did not load has problems of its own.
    if (found || unread.length > 0) return [];
    const near = nearest(service, Object.keys(services));
    return [
      problem("FW7006", `\`${OVERRIDE_FLAG}\` names \`${service}\`, which is no service`, {
        hint: near
          ? `did you mean \`${near}\`?`
          : `services: ${Object.keys(services).join(", ") || "none"}`,
      }),
    ];
  });
  if (problems.length > 0) throw new FairwayError(problems);
}
