import type { Environment } from "../contract/environment.ts";
import { SECRET_STORE, storedPullSecret, storedSecret } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import { problem, type Problem } from "../contract/problem.ts";
import { statusOf } from "../providers/kubernetes/failure.ts";
import { withCluster } from "./cluster.ts";
import type { Context } from "./command.ts";

/** What the store of an environment holds of what plans need. */
export interface StoredSecrets {
  /** The plans; those that lack a secret refuse to run. */
  readonly plans: readonly Plan[];
  /** Names of the secrets that are there, as `<service>.<name>.<environment>`; those that pull images are of `platform`. */
  readonly present: readonly string[];
}

/** A secret that a plan reads from the store, and what is said where it is not there. */
interface Wanted {
  readonly name: string;
  readonly refusal: Problem;
}

/**
 * Plans with a refusal for each secret that a team or an operator was to bring and that the environment's store does
 * not hold. What the store answers otherwise, an error too, is left to the run.
 */
export async function refuseAbsentSecrets(
  context: Context,
  environment: Environment,
  plans: readonly Plan[],
): Promise<StoredSecrets> {
  const wanted = plans.map((plan) => ({ plan, secrets: wantedBy(plan, environment) }));
  const names = [...new Set(wanted.flatMap(({ secrets }) => secrets.map(({ name }) => name)))];
  if (names.length === 0) return { plans, present: [] };
  return withCluster(context, environment, async ({ client }) => {
    const isAbsent = async (name: string): Promise<boolean> => {
      const path = `/api/v1/namespaces/${SECRET_STORE}/secrets/${name}`;
      try {
        await client.request({ method: "GET", path, signal: context.signal });
        return false;
      } catch (error) {
        return statusOf(error) === 404;
      }
    };
    const judged = await Promise.all(names.map(isAbsent));
    const absent = new Set(names.filter((_, index) => judged[index]));
    return {
      plans: wanted.map(({ plan, secrets }) => ({
        ...plan,
        refusals: [
          ...plan.refusals,
          ...secrets.filter(({ name }) => absent.has(name)).map(({ refusal }) => refusal),
        ],
      })),
      present: names.filter((name) => !absent.has(name)).sort(),
    };
  });
}

function wantedBy(plan: Plan, environment: Environment): Wanted[] {
  const brought = plan.items
    .filter(({ component }) => component === "secret-cluster")
    .map(({ id, origins }): Wanted => {
      const name = storedSecret(plan.name, id, plan.environment);
      const origin = origins[""];
      const refusal = problem(
        "FW4008",
        `the secret ${name} is absent: nobody has set \`${id}\` of ${plan.name} in ${plan.environment}`,
        {
          hint: `run \`fairway secret set ${plan.name} ${id} --env ${plan.environment} < file\``,
          ...(origin && "file" in origin && { file: origin.file, path: origin.path }),
        },
      );
      return { name, refusal };
    });
  // The platform's stack runs nothing, and so pulls nothing.
  const pulled = plan.kind === "platform" ? [] : environment.images.pullSecrets;
  return [
    ...brought,
    ...pulled.map((pull): Wanted => {
      const name = storedPullSecret(pull, environment.name);
      const refusal = problem(
        "FW4008",
        `the secret ${name} is absent: nobody has set the pull secret \`${pull}\` of ${environment.name}`,
        {
          hint: `run \`fairway secret set --pull ${pull} --env ${environment.name} < config.json\``,
          file: environment.file,
          path: "spec.images.pullSecrets",
        },
      );
      return { name, refusal };
    }),
  ];
}
