import type { Environment } from "../contract/environment.ts";
import type { PlanItem } from "../contract/plan.ts";
import type { DataClass } from "../contract/service.ts";
import type { Context } from "./command.ts";

/** A secret that a service of an environment uses, and what it is worth. */
export interface BroughtSecret {
  readonly service: string;
  readonly name: string;
  readonly dataClass: DataClass;
  readonly value: string;
}

/** Where an environment keeps the secrets that teams bring. */
export interface SecretStore {
  /** Whether it holds the secret of a plan item; undefined where that cannot be told. */
  holds(item: PlanItem): Promise<boolean | undefined>;
  /**
   * Keeps a secret, in the place of an older one.
   * @returns The place.
   * @throws FairwayError FW7017 where the store refuses it.
   */
  keep(secret: BroughtSecret): Promise<string>;
  /**
   * Deletes what a service has, so that it can be brought back for as long as the store allows. Absent: it goes with the
   * objects that carry the service's label.
   * @param tell Is given what goes, before any of it does.
   * @throws FairwayError FW7017 where the store refuses it.
   */
  letGo?(service: string, tell: (going: readonly GoingSecret[]) => Promise<void>): Promise<void>;
}

/** A secret that is being deleted, by its name in the store. */
export interface GoingSecret {
  readonly name: string;
  /** ISO date until which it can be brought back. */
  readonly until: string;
}

/** Opens a store for one piece of work. */
export type WithStore = <T>(
  context: Context,
  environment: Environment,
  work: (store: SecretStore) => Promise<T>,
) => Promise<T>;

/** Driver of secrets → how its store is opened; each is loaded where it is needed. */
export const STORES: Readonly<Record<string, () => Promise<WithStore>>> = {
  "secret-aws": async () => (await import("./secret-store-aws.ts")).withSecretsManager,
  "secret-cluster": async () => (await import("./secret-store-cluster.ts")).withClusterStore,
};
