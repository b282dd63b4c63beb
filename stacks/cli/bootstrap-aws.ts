import { randomUUID } from "node:crypto";
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackUpdateComplete,
} from "@aws-sdk/client-cloudformation";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { FairwayError, fail } from "../contract/problem.ts";
import { type Bootstrap, bootstrapTemplate } from "./bootstrap-template.ts";
import type { Context } from "./command.ts";

/** What became of the account. */
export type BootstrapResult = "created" | "updated" | "unchanged";

/**
 * Makes or changes the stack of CloudFormation, with the credentials that AWS's own tools find; the same again changes
 * nothing.
 * @throws FairwayError FW7031 without credentials of the account, FW7032 with what CloudFormation refused.
 */
export async function applyBootstrap(
  { signal }: Pick<Context, "signal">,
  wanted: Bootstrap,
): Promise<BootstrapResult> {
  const { region, stack: StackName } = wanted;
  await assertAccount(wanted, signal);
  const client = new CloudFormationClient({ region });
  const abort = { abortSignal: signal };
  const operation = randomUUID();
  const request = {
    StackName,
    ClientRequestToken: operation,
    TemplateBody: JSON.stringify(bootstrapTemplate(wanted)),
    Capabilities: ["CAPABILITY_NAMED_IAM" as const],
    Tags: [{ Key: "fairway:environment", Value: wanted.environment }],
  };
  const waiting = { client, maxWaitTime: 900, minDelay: 2, maxDelay: 10, abortSignal: signal };
  // By its id a stack is found after it is deleted, too.
  let begun: string | undefined;
  try {
    const found = await describe(client, StackName, abort);
    if (found === undefined) {
      const { StackId = StackName } = await client.send(
        new CreateStackCommand({
          ...request,
          EnableTerminationProtection: true,
          OnFailure: "DELETE",
        }),
        abort,
      );
      begun = StackId;
      await waitUntilStackCreateComplete(waiting, { StackName: begun });
      return "created";
    }
    try {
      const { StackId = StackName } = await client.send(new UpdateStackCommand(request), abort);
      begun = StackId;
    } catch (error) {
      if (/No updates are to be performed/.test((error as Error).message)) return "unchanged";
      throw error;
    }
    await waitUntilStackUpdateComplete(waiting, { StackName: begun });
    return "updated";
  } catch (error) {
    if (FairwayError.is(error) || signal.aborted) throw error;
    const reasons = begun && (await reasonsOf(client, begun, operation));
    return fail(
      "FW7032",
      `the account ${wanted.account} was not prepared: ${reasons ?? (error as Error).message}`,
      {
        hint: "look at the stack in the console of CloudFormation; a provider of GitHub's identities that is there already is kept with `--provider-exists`",
      },
    );
  } finally {
    client.destroy();
  }
}

/** Nothing is asked for before it is known whose account it is. */
async function assertAccount(
  { account, environment, region }: Bootstrap,
  signal: AbortSignal,
): Promise<void> {
  const client = new STSClient({ region });
  const hint = `log in to the account ${account} as an administrator (\`aws sso login\`, or AWS_PROFILE), or see what would be made with \`--rehearse\``;
  try {
    const { Account } = await client.send(new GetCallerIdentityCommand({}), {
      abortSignal: signal,
    });
    if (Account !== account)
      fail(
        "FW7031",
        `the credentials are of the account ${Account}, and \`${environment}\` is in ${account}`,
        { hint },
      );
  } catch (error) {
    if (FairwayError.is(error) || signal.aborted) throw error;
    fail(
      "FW7031",
      `there are no credentials for the account ${account} of \`${environment}\`: ${(error as Error).message}`,
      { hint },
    );
  } finally {
    client.destroy();
  }
}

async function describe(
  client: CloudFormationClient,
  StackName: string,
  abort: { abortSignal: AbortSignal },
): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }), abort);
    return Stacks?.[0];
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** What failed first in an operation, in the words of AWS. */
async function reasonsOf(
  client: CloudFormationClient,
  stackId: string,
  operation: string,
): Promise<string | undefined> {
  try {
    const { StackEvents = [] } = await client.send(
      new DescribeStackEventsCommand({ StackName: stackId }),
    );
    const failed = StackEvents.filter(
      ({ ClientRequestToken, ResourceStatus }) =>
        ClientRequestToken === operation && ResourceStatus?.endsWith("_FAILED"),
    );
    const first = failed.at(-1);
    return first && `${first.LogicalResourceId}: ${first.ResourceStatusReason}`;
  } catch {
    return undefined;
  }
}
