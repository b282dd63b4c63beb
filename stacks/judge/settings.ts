import type { Environment } from "../contract/environment.ts";
import type { RuleSettings } from "../contract/finding.ts";
import type { Levels } from "./levels.ts";

/** What the judge must know of an environment: plain data, so that it can be sent to another process. */
export interface JudgeSettings extends RuleSettings {
  /** Rule → level, where it is not the rule's own. */
  readonly levels: Levels;
}

/** What an environment file says to the rules, over the levels of the organisation. */
export function settingsOf(environment: Environment, organisation: Levels = {}): JudgeSettings {
  return {
    environment: environment.name,
    registries: environment.registries,
    digest: environment.images.digest,
    minReplicas: environment.replicas.min,
    levels: { ...organisation, ...environment.policies.levels },
  };
}
