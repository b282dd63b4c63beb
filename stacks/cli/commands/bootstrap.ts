import type { Environment } from "../../contract/environment.ts";
import { cloudStack } from "../../contract/names.ts";
import { style } from "../../report/style.ts";
import { applyBootstrap } from "../bootstrap-aws.ts";
import {
  type Bootstrap,
  PIPELINE,
  askForIds,
  bootstrapOf,
  bootstrapTemplate,
  callsItself,
} from "../bootstrap-template.ts";
import type { Run } from "../command.ts";
import { readWorkspace } from "../planning.ts";
import { selectEnvironments } from "../select.ts";

/** `fairway bootstrap --env NAME`: what an account needs before the first deployment, once or again. */
export const run: Run = async (context, input) => {
  const workspace = await readWorkspace(context);
  const [name] = selectEnvironments(workspace, input, "local");
  const environment = workspace.environments[name!]!;
  const wanted = bootstrapOf(environment, {
    repository: input.flags["repository"] as string | undefined,
    repositoryIds: input.flags["repository-ids"] as string | undefined,
    providerExists: input.flags["provider-exists"] === true,
  });
  const rehearsed = input.flags["rehearse"] === true;
  const step = rehearsed ? undefined : context.progress.step(wanted.stack);
  const result = rehearsed ? "rehearsed" : await applyBootstrap(context, wanted);
  step?.end(result);
  const left = settingsOf(wanted, environment);
  const s = style(context.color);
  const template = bootstrapTemplate(wanted);
  return {
    exit: 0,
    rehearsed,
    data: { environment: name, stack: wanted.stack, result, template, settings: left },
    text: [
      `${s.bold(wanted.stack)} in ${wanted.account} (${wanted.region}): ${rehearsed ? "rehearsed, nothing was asked" : result}`,
      ...describe(wanted).map((line) => `  ${line}`),
      "",
      s.bold("left to do on GitHub:"),
      ...left.map((line) => `  - ${line}`),
    ].join("\n"),
  };
};

const describe = (wanted: Bootstrap): string[] => [
  `state    s3://${wanted.bucket} (versioned, encrypted, private, TLS only)`,
  `key      ${wanted.alias} (changed every year)`,
  `trust    ${wanted.providerExists ? "the account's provider of GitHub's identities, which is there" : "a provider of GitHub's identities"}`,
  ...(wanted.boundary === undefined
    ? []
    : [`boundary ${wanted.boundary} of the roles of services`]),
  ...PIPELINE.map(
    ({ word, suffix, does }) =>
      `role     fairway-${wanted.environment}-${word} ${does}; for ${callsItself(wanted).join(" or ")}, environment ${wanted.environment}${suffix}`,
  ),
];

/** What only the repository's administrators can set. */
function settingsOf(wanted: Bootstrap, { cluster, cloud, approvals }: Environment): string[] {
  const { environment, account, region, repository } = wanted;
  const made = cloud.provider === "aws" && "create" in cloud.eks;
  const when = made ? ` once ${cloudStack(environment)} has made it` : "";
  const eks = "eks" in cluster ? `, EKS_CLUSTER=${cluster.eks}${when}` : "";
  const environments = PIPELINE.map(
    ({ word, suffix }) =>
      `environment ${environment}${suffix}: variables AWS_ROLE=arn:aws:iam::${account}:role/fairway-${environment}-${word}, AWS_REGION=${region}${eks}; secret FAIRWAY_KEY`,
  );
  const reviewers =
    approvals.required > 0
      ? `${approvals.required} required reviewer${approvals.required > 1 ? "s" : ""} of ${approvals.groups.join(", ") || "your choice"}, `
      : "";
  return [
    ...environments,
    ...(reviewers === ""
      ? []
      : [
          `environment ${environment}${PIPELINE[0].suffix}: ${reviewers}because its jobs run the code of pull requests with the key`,
        ]),
    `FAIRWAY_KEY: the same 64 hex digits in both, made once with \`openssl rand -hex 32\` and kept`,
    `environment ${environment}: ${reviewers}branch main only, no self-review`,
    "branch main: pull requests, code owners' review and the checks required; no force push",
    ...(wanted.repositoryIds
      ? []
      : [
          `if ${repository} was created, renamed or transferred after 15 July 2026: its jobs show ids that the roles do not know yet. \`${askForIds(repository)}\` prints both; write them into the environment file (cloud.repositoryIds) and run this again`,
        ]),
  ];
}
