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
  const models = Object.values(services).flatMap(({ in: each }) => Object.values(each)[0] ?? []);
  // Who has the name today is told nothing: who claims it is.
  models.sort((a, b) => Number(a.was !== undefined) - Number(b.was !== undefined));
  for (const service of models) {
    const { name, was } = service;
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
