import type { Environment } from "../contract/environment.ts";
import { problem } from "../contract/problem.ts";
import type { Service } from "../contract/service.ts";
import type { LoadedService, Workspace } from "../contract/workspace.ts";
import type { Folder } from "./folder.ts";
import type { Found } from "./found.ts";
import type { Owners } from "./owners.ts";
import { listOf } from "./suggest.ts";

/**
 * Services of all folders by name, sorted, with a model for each environment and an owner where one is known. Of two
 * with one name the first folder's counts.
 */
export function gatherServices(
  folders: readonly Folder[],
  environments: Readonly<Record<string, Environment>>,
  owners: Owners,
  found: Found,
  positions: Workspace["positions"],
): Record<string, LoadedService> {
  const services = new Map<string, LoadedService>();
  // Environments in which a service needs an owner of its own.
  const strict = Object.values(environments)
    .filter(({ owner }) => owner.policy === "required" && owner.default === undefined)
    .map(({ name }) => name);
  for (const { folder, services: own, release } of folders)
    for (const { name, file, base, overridden } of own) {
      const other = services.get(name);
      if (other) {
        found.problems.push(
          problem("FW1203", `the name ${name} is taken by ${other.file}`, {
            file,
            ...positions.at(file, "metadata.name"),
            path: "metadata.name",
            hint: "rename one of the two",
          }),
        );
        continue;
      }
      const owner = base.owner ?? owners(file);
      if (owner === undefined && strict.length > 0)
        found.problems.push(
          problem("FW1205", `${name} has no owner: one is required in ${listOf(strict)}`, {
            file,
            ...positions.at(file, "metadata.name"),
            path: "metadata.name",
            hint: file.endsWith("/service.yaml")
              ? "add owner: <team> under spec, or a line for the folder to CODEOWNERS"
              : "add owner: <team> under metadata, or a line for the folder to CODEOWNERS",
          }),
        );
      const owned = (service: Service): Service =>
        service.owner !== undefined || owner === undefined ? service : { ...service, owner };
      const shared = owned(base);
      const document = release?.document.services[name];
      services.set(name, {
        name,
        folder,
        file,
        in: Object.fromEntries(
          Object.keys(environments).map((environment): [string, Service] => {
            const special = overridden[environment];
            return [environment, special ? owned(special) : shared];
          }),
        ),
        ...(release && document && { release: { file: release.file, document } }),
      });
    }
  return Object.fromEntries([...services].sort(([a], [b]) => (a < b ? -1 : 1)));
}
