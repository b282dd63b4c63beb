import type { Environment } from "../contract/environment.ts";
import { storedSecret } from "../contract/names.ts";
import type { Plan, PlanItem } from "../contract/plan.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { Context } from "./command.ts";
import { STORES } from "./secret-store.ts";

/** What the store of an environment holds of what plans need. */
export interface StoredSecrets {
  /** The plans; those that lack a secret refuse to run. */
  readonly plans: readonly Plan[];
  /** Names of the secrets that are there, as `<service>.<name>.<environment>`. */
  readonly present: readonly string[];
}

/**
 * Plans with a refusal for each secret that a team was to bring and that the environment's store does not hold. What
 * the store answers otherwise, an error too, is left to the run.
 */
export async function refuseAbsentSecrets(
  context: Context,
  environment: Environment,
  plans: readonly Plan[],
): Promise<StoredSecrets> {
  const present: string[] = [];
  let judged = plans;
  for (const [driver, load] of Object.entries(STORES)) {
    const secrets = judged.flatMap((plan) =>
      plan.items.filter(({ component }) => component === driver).map((item) => ({ plan, item })),
    );
    if (secrets.length === 0) continue;
    const open = await load();
    const held = await open(context, environment, (store) =>
      Promise.all(secrets.map(({ item }) => store.holds(item))),
    );
    for (const { plan, item } of secrets.filter((_, index) => held[index] === true))
      present.push(storedSecret(plan.name, item.id, plan.environment));
    const absent = secrets.filter((_, index) => held[index] === false);
    judged = judged.map((plan) => ({
      ...plan,
      refusals: [
        ...plan.refusals,
        ...absent.filter((secret) => secret.plan === plan).map(({ item }) => refusal(plan, item)),
      ],
    }));
  }
  return { plans: judged, present: present.sort() };
}

function refusal(plan: Plan, item: PlanItem): Problem {
  const origin = item.origins[""];
  return problem(
    "FW4008",
    `the secret ${storedSecret(plan.name, item.id, plan.environment)} is absent: nobody has set \`${item.id}\` of ${plan.name} in ${plan.environment}`,
    {
      hint: `run \`fairway secret set ${plan.name} ${item.id} --env ${plan.environment} < file\``,
      ...(origin && "file" in origin && { file: origin.file, path: origin.path }),
    },
  );
}
