import type { Environment } from "../contract/environment.ts";
import { storedSecret } from "../contract/names.ts";
import type { Plan, PlanItem } from "../contract/plan.ts";
import { problem, type Problem } from "../contract/problem.ts";
import { statusOf } from "../providers/kubernetes/failure.ts";
import { withCluster } from "./cluster.ts";
import type { Context } from "./command.ts";

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
  const wanted = plans.filter((plan) => plan.items.some(isSecret));
  if (wanted.length === 0) return { plans, present: [] };
  return withCluster(context, environment, async ({ client }) => {
    const isAbsent = async (item: PlanItem): Promise<boolean> => {
      const [namespace, name] = String(item.args["stored"]).split("/");
      const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
      try {
        await client.request({ method: "GET", path, signal: context.signal });
        return false;
      } catch (error) {
        return statusOf(error) === 404;
      }
    };
    const present: string[] = [];
    const refusalsOf = async (plan: Plan): Promise<Problem[]> => {
      const secrets = plan.items.filter(isSecret);
      const absent = await Promise.all(secrets.map(isAbsent));
      for (const item of secrets.filter((_, index) => !absent[index]))
        present.push(storedSecret(plan.name, item.id, plan.environment));
      return secrets.filter((_, index) => absent[index]).map((item) => refusal(plan, item));
    };
    const judged = await Promise.all(
      plans.map(async (plan) => ({
        ...plan,
        refusals: [...plan.refusals, ...(await refusalsOf(plan))],
      })),
    );
    return { plans: judged, present: present.sort() };
  });
}

const isSecret = ({ component }: PlanItem): boolean => component === "secret-cluster";

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
