import type { Environment } from "../contract/environment.ts";
import { storedPullSecret, stackBase, storedSecret } from "../contract/names.ts";
import type { Plan, PlanItem } from "../contract/plan.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { Context } from "./command.ts";
import { heldInCluster } from "./secret-store-cluster.ts";
import { STORES } from "./secret-store.ts";

/** What the store of an environment holds of what plans need. */
export interface StoredSecrets {
  /** The plans; those that lack a secret refuse to run. */
  readonly plans: readonly Plan[];
  /** Names of the secrets that are there, as `<service>.<name>.<environment>`; those that pull images are of `platform`. */
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
      present.push(storedSecret(stackBase(plan.stack), item.id, plan.environment));
    const absent = secrets.filter((_, index) => held[index] === false);
    judged = judged.map((plan) => ({
      ...plan,
      refusals: [
        ...plan.refusals,
        ...absent.filter((secret) => secret.plan === plan).map(({ item }) => refusal(plan, item)),
      ],
    }));
  }
  const pulled = await refuseAbsentPulls(context, environment, judged);
  return { plans: pulled.plans, present: [...present, ...pulled.present].sort() };
}

/** The same for the secrets that images are pulled with, which are always kept in the cluster. */
async function refuseAbsentPulls(
  context: Context,
  environment: Environment,
  plans: readonly Plan[],
): Promise<StoredSecrets> {
  const { name: at, file, images } = environment;
  // The platform's stack runs nothing, and so pulls nothing.
  if (images.pullSecrets.length === 0 || plans.every(({ kind }) => kind === "platform"))
    return { plans, present: [] };
  const names = images.pullSecrets.map((pull) => storedPullSecret(pull, at));
  const held = await heldInCluster(context, environment, names);
  const refusals = images.pullSecrets
    .filter((_, index) => held[index] === false)
    .map((pull) =>
      problem(
        "FW4008",
        `the secret ${storedPullSecret(pull, at)} is absent: nobody has set the pull secret \`${pull}\` of ${at}`,
        {
          hint: `run \`fairway secret set --pull ${pull} --env ${at} < config.json\``,
          file,
          path: "spec.images.pullSecrets",
        },
      ),
    );
  return {
    plans: plans.map((plan) =>
      plan.kind === "platform" ? plan : { ...plan, refusals: [...plan.refusals, ...refusals] },
    ),
    present: names.filter((_, index) => held[index] === true),
  };
}

function refusal(plan: Plan, item: PlanItem): Problem {
  const origin = item.origins[""];
  const called = plan.guard?.called[item.id] ?? item.id;
  return problem(
    "FW4008",
    `the secret ${storedSecret(stackBase(plan.stack), item.id, plan.environment)} is absent: nobody has set \`${called}\` of ${plan.name} in ${plan.environment}`,
    {
      hint: `run \`fairway secret set ${plan.name} ${called} --env ${plan.environment} < file\``,
      ...(origin && "file" in origin && { file: origin.file, path: origin.path }),
    },
  );
}
