import {
  CreateSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretResponse,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { awsOf, keyAlias } from "../../components/base/aws.plan.ts";
import type { AwsCloud } from "../contract/cloud.ts";
import type { Environment } from "../contract/environment.ts";
import { heldName } from "../contract/names.ts";
import { FairwayError, fail } from "../contract/problem.ts";
import type { DataClass } from "../contract/service.ts";
import type { Context } from "./command.ts";
import type { SecretStore } from "./secret-store.ts";

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
            assertAccount(found, cloud, environment.name);
            await client.send(
              new PutSecretValueCommand({ SecretId: found.ARN, SecretString }),
              abort,
            );
          }
        } catch (error) {
          if (FairwayError.is(error) || context.signal.aborted) throw error;
          fail(
            "FW7017",
            `the store of \`${environment.name}\` refused the secret: ${(error as Error).message}`,
            {
              hint: `log in to the account ${cloud.account} with the right to create and write secrets named fairway/${environment.name}/*`,
            },
          );
        }
        return Name;
      },
    });
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
  { ARN = "" }: DescribeSecretResponse,
  { account }: AwsCloud,
  environment: string,
): void {
  const found = ARN.split(":")[4];
  if (found !== account)
    fail(
      "FW7017",
      `the credentials are of the account ${found}, and \`${environment}\` is in ${account}`,
      { hint: `log in to the account ${account}` },
    );
}
