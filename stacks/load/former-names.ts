import { recordedName } from "../contract/names.ts";
import { problem, type Problem } from "../contract/problem.ts";
import { sourceOf } from "../contract/source.ts";
import type { Workspace } from "../contract/workspace.ts";

/** What a service began as is its own: services that claim one past would fight over one state. */
export function formerNameProblems(
  services: Workspace["services"],
  positions: Workspace["positions"],
): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { name, in: models } of Object.values(services)) {
    const service = Object.values(models)[0];
    if (!service) continue;
    const { was } = service;
    for (const known of new Set([recordedName(service), ...(was ?? [])])) {
      const other = owners.get(known);
      if (other === undefined) {
        owners.set(known, name);
        continue;
      }
      const { file, path } = sourceOf(service, was ? "was" : "name");
      problems.push(
        problem("FW4023", `${name} and ${other} would both be what was called ${known}`, {
          ...(positions.at(file, path) ?? { file }),
          path,
          hint: "let one of them keep its past, and give the other a name that no service had",
        }),
      );
    }
  }
  return problems;
}
