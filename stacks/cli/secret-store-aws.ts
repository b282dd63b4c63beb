import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretResponse,
  type SecretListEntry,
  PutSecretValueCommand,
  ResourceNotFoundException,
  RestoreSecretCommand,
  SecretsManagerClient,
  paginateListSecrets,
} from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { awsOf, keyAlias } from "../../components/base/aws.plan.ts";
import type { AwsCloud } from "../contract/cloud.ts";
import type { Environment } from "../contract/environment.ts";
import { heldName } from "../contract/names.ts";
import { FairwayError, fail } from "../contract/problem.ts";
import type { DataClass } from "../contract/service.ts";
import type { Context } from "./command.ts";
import type { SecretStore } from "./secret-store.ts";

/** Days for which a deleted secret can be brought back: the most that AWS allows. */
const RECOVERY_DAYS = 30;

/** Member of the secret's JSON that holds the value: the name of the driver's output. */
const MEMBER = "value";

/**
 * Secrets Manager of the environment's account, with the credentials that AWS's own tools find. Credentials of another
 * account are refused: by the account in the ARN of a secret that exists, by the key for one that does not.
 */
export async function withSecretsManager<T>(
  context: Context,
  environment: Environment,
  work: (store: SecretStore) => Promise<T>,
): Promise<T> {
  const cloud = awsOf(environment);
  const client = new SecretsManagerClient({ region: cloud.region });
  const abort = { abortSignal: context.signal };
  const find = async (name: string): Promise<DescribeSecretResponse | undefined> => {
    try {
      return await client.send(new DescribeSecretCommand({ SecretId: name }), abort);
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  };
  // What was cancelled, or told already, stays what it is.
  const refused = (error: unknown, rights: string): never => {
    if (FairwayError.is(error) || context.signal.aborted) throw error;
    return fail(
      "FW7017",
      `the store of \`${environment.name}\` refused the secret: ${(error as Error).message}`,
      {
        hint: `log in to the account ${cloud.account} with the right to ${rights} secrets named fairway/${environment.name}/*`,
      },
    );
  };
  try {
    return await work({
      async holds(item) {
        try {
          const found = await find(String(item.args["name"]));
          return found !== undefined && hasValue(found);
        } catch {
          return undefined;
        }
      },
      async keep({ service, name, dataClass, value }) {
        const Name = heldName(service, name, environment.name);
        const SecretString = JSON.stringify({ [MEMBER]: value });
        try {
          const found = await find(Name);
          if (found === undefined) {
            const Tags = [
              { Key: "fairway:service", Value: service },
              { Key: "fairway:environment", Value: environment.name },
              { Key: "fairway:data-class", Value: dataClass },
            ];
            const KmsKeyId = keyArn(cloud, environment.name, dataClass);
            await client.send(
              new CreateSecretCommand({ Name, SecretString, KmsKeyId, Tags }),
              abort,
            );
          } else {
            assertAccount(found.ARN?.split(":")[4], cloud, environment.name);
            if (found.DeletedDate !== undefined)
              await client.send(new RestoreSecretCommand({ SecretId: found.ARN }), abort);
            await client.send(
              new PutSecretValueCommand({ SecretId: found.ARN, SecretString }),
              abort,
            );
          }
        } catch (error) {
          refused(error, "create and write");
        }
        return Name;
      },
      async letGo(service, tell) {
        try {
          await assertOwn(context, cloud, environment.name);
          const prefix = heldName(service, "", environment.name);
          const found: SecretListEntry[] = [];
          const Filters = [{ Key: "name" as const, Values: [prefix] }];
          for await (const { SecretList = [] } of paginateListSecrets({ client }, { Filters }))
            // What Fairway makes itself has a word behind the name, and is in the state.
            found.push(...SecretList.filter(({ Name = "" }) => isBrought(Name, prefix)));
          const until = new Date(context.now().getTime() + RECOVERY_DAYS * 86_400_000);
          await tell(
            found.map(({ Name = "" }) => ({ name: Name, until: until.toISOString().slice(0, 10) })),
          );
          for (const { ARN } of found)
            await client.send(
              new DeleteSecretCommand({ SecretId: ARN, RecoveryWindowInDays: RECOVERY_DAYS }),
              abort,
            );
        } catch (error) {
          refused(error, "list and delete");
        }
      },
    });
  } finally {
    client.destroy();
  }
}

/** Whether a name begins so and has one part more. */
const isBrought = (name: string, prefix: string): boolean =>
  name.startsWith(prefix) && !name.slice(prefix.length).includes("/");

/** Another account has none of the secrets, and would say that all of them are gone. */
async function assertOwn(context: Context, cloud: AwsCloud, environment: string): Promise<void> {
  const client = new STSClient({ region: cloud.region });
  try {
    const { Account } = await client.send(new GetCallerIdentityCommand({}), {
      abortSignal: context.signal,
    });
    assertAccount(Account, cloud, environment);
  } finally {
    client.destroy();
  }
}

/** A secret that exists but was never written, or is about to be deleted, has nothing to read. */
const hasValue = ({ VersionIdsToStages: versions = {}, DeletedDate }: DescribeSecretResponse) =>
  DeletedDate === undefined && Object.values(versions).flat().includes("AWSCURRENT");

/** The key of a data class, by an ARN that names the account. */
function keyArn(cloud: AwsCloud, environment: string, dataClass: DataClass): string {
  if ("adopt" in cloud.keys) return cloud.keys.adopt[dataClass];
  return `arn:aws:kms:${cloud.region}:${cloud.account}:${keyAlias(environment, dataClass)}`;
}

function assertAccount(
  found: string | undefined,
  { account }: AwsCloud,
  environment: string,
): void {
  if (found !== account)
    fail(
      "FW7017",
      `the credentials are of the account ${found}, and \`${environment}\` is in ${account}`,
      { hint: `log in to the account ${account}` },
    );
}
