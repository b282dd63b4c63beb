import { once } from "node:events";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import { bootstrapOf, bootstrapTemplate } from "../bootstrap-template.ts";
import { readWorkspace } from "../planning.ts";
import { documentSchema } from "../schemas.ts";
import { contextOf, input, problemsOf } from "../testing.ts";
import { run } from "./bootstrap.ts";

const ACCOUNT = "333333333333";
const context = contextOf(checkoutRoot());
const bootstrap = (flags = {}) => run(context, input([], { env: "prod", ...flags }));

/**
 * STS and CloudFormation as they are on the wire: what was asked, and the stack that there is. A stack that is deleted
 * is found by its id only.
 */
let asked: URLSearchParams[];
let account: string;
let template: string | undefined;
let status: string | undefined;
/** How CloudFormation answers a request to create or update: it refuses at once, or takes back what it began. */
let answers: "done" | "refuses" | "fails";
let server: Server;
const STACK = "arn:aws:cloudformation:eu-central-1:333333333333:stack/fairway-bootstrap-prod/1";

beforeEach(async () => {
  [asked, account, template, status, answers] = [[], ACCOUNT, undefined, undefined, "done"];
  server = createServer(async (request, response) => {
    const form = new URLSearchParams(await textOf(request));
    asked.push(form);
    const [status, body] = answer(form);
    response.writeHead(status, { "content-type": "text/xml" });
    response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAPLANTED");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "planted");
  vi.stubEnv("AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "true");
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

const error = (message: string): [number, string] => [
  400,
  `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
];
const ok = (action: string, result: string): [number, string] => [
  200,
  `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
];

function answer(form: URLSearchParams): [number, string] {
  const action = form.get("Action")!;
  const name = form.get("StackName");
  const found = status !== undefined && (status !== "DELETE_COMPLETE" || name === STACK);
  switch (action) {
    case "GetCallerIdentity":
      return ok(action, `<Account>${account}</Account>`);
    case "DescribeStacks":
      return found
        ? ok(
            action,
            `<Stacks><member><StackId>${STACK}</StackId><StackName>fairway-bootstrap-prod</StackName><CreationTime>2026-11-21T12:00:00Z</CreationTime><StackStatus>${status}</StackStatus></member></Stacks>`,
          )
        : error(`Stack with id ${name} does not exist`);
    case "DescribeStackEvents":
      return found ? ok(action, events()) : error(`Stack [${name}] does not exist`);
    default: {
      if (answers === "refuses") return error("refused");
      const body = form.get("TemplateBody")!;
      if (found && template === body) return error("No updates are to be performed.");
      template = body;
      status = {
        CreateStack: { done: "CREATE_COMPLETE", fails: "DELETE_COMPLETE" },
        UpdateStack: { done: "UPDATE_COMPLETE", fails: "UPDATE_ROLLBACK_COMPLETE" },
      }[action]?.[answers];
      return ok(action, `<StackId>${STACK}</StackId>`);
    }
  }
}

/** The newest first: the last operation's, and one of an operation before it. */
function events(): string {
  const token = asked.findLast((form) => form.has("TemplateBody"))?.get("ClientRequestToken");
  const all = [
    [token, "WriteRole", "Resource creation cancelled"],
    [token, "State", "company-fairway-state-prod already exists"],
    ["of-another", "Key", "an old story"],
  ].map(
    ([of, resource, reason]) =>
      `<member><StackId>${STACK}</StackId><EventId>e</EventId><StackName>n</StackName><ClientRequestToken>${of}</ClientRequestToken><Timestamp>2026-11-21T12:00:00Z</Timestamp><LogicalResourceId>${resource}</LogicalResourceId><ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>${reason}</ResourceStatusReason></member>`,
  );
  return `<StackEvents>${all.join("")}</StackEvents>`;
}

const actions = () => asked.map((form) => form.get("Action"));

test("prepares an account once; the same again changes nothing, another repository updates the roles", async () => {
  expect(await bootstrap()).toMatchObject({ exit: 0, data: { result: "created" } });
  expect(actions()).toEqual([
    "GetCallerIdentity",
    "DescribeStacks",
    "CreateStack",
    "DescribeStacks",
  ]);
  expect(asked[2]?.get("Capabilities.member.1")).toBe("CAPABILITY_NAMED_IAM");
  asked = [];
  expect(await bootstrap()).toMatchObject({ exit: 0, data: { result: "unchanged" } });
  expect(actions()).toEqual(["GetCallerIdentity", "DescribeStacks", "UpdateStack"]);
  expect(await bootstrap({ repository: "company/other" })).toMatchObject({
    data: { result: "updated" },
  });
});

test("credentials of another account, or none, prepare nothing", async () => {
  account = "999999999999";
  expect((await problemsOf(() => bootstrap()))[0]).toMatch(
    /^FW7031 the credentials are of the account 999999999999, and `prod` is in 333333333333 \| log in to the account 333333333333/,
  );
  expect(actions()).toEqual(["GetCallerIdentity"]);
});

test("what CloudFormation refuses, or takes back, is told in its words", async () => {
  const refusal = async (flags = {}) => (await problemsOf(() => bootstrap(flags)))[0];
  const toldBy = (reason: string) =>
    new RegExp(`^FW7032 the account 333333333333 was not prepared: ${reason} \\| `);
  answers = "refuses";
  expect(await refusal()).toMatch(toldBy("refused"));
  // The stack is gone with what it made: its events are found by its id.
  answers = "fails";
  expect(await refusal()).toMatch(toldBy("State: company-fairway-state-prod already exists"));
  answers = "done";
  expect(await bootstrap()).toMatchObject({ data: { result: "created" } });
  // Reasons are those of this operation, not of one before it.
  answers = "refuses";
  expect(await refusal({ repository: "company/other" })).toMatch(toldBy("refused"));
  answers = "fails";
  expect(await refusal({ repository: "company/other" })).toMatch(
    toldBy("State: company-fairway-state-prod already exists"),
  );
});

test("a rehearsal asks nobody, and prints what would be made and what is left on GitHub", async () => {
  const { data, text, rehearsed } = await bootstrap({ rehearse: true });
  expect(asked).toEqual([]);
  expect(rehearsed).toBe(true);
  expect(text).toMatch(
    /environment prod: variables AWS_ROLE=arn:aws:iam::333333333333:role\/fairway-prod-write, AWS_REGION=eu-central-1, EKS_CLUSTER=company-prod once cloud\.prod has made it; secret/,
  );
  const adopted = await run(context, input([], { env: "staging", rehearse: true }));
  expect(adopted.text).toMatch(/EKS_CLUSTER=company-staging; secret FAIRWAY_KEY/);
  expect(text).toMatch(/1 required reviewer of platform-approvers, branch main only/);
  expect(text).toMatch(
    /environment prod-preview: 1 required reviewer of platform-approvers, because/,
  );
  const document = { command: "bootstrap", exit: 0, rehearsed, data, problems: [], notes: [] };
  expect(documentSchema("bootstrap").safeParse(document).error?.issues ?? []).toEqual([]);
});

const environmentOf = async (name: string) => (await readWorkspace(context)).environments[name]!;
const OPTIONS: Parameters<typeof bootstrapOf>[1] = {
  repository: undefined,
  repositoryIds: undefined,
  providerExists: false,
};

/** Whom the role that reads and the role that writes trust. */
const subjectsOf = (wanted: ReturnType<typeof bootstrapOf>) => {
  const { Resources } = bootstrapTemplate(wanted) as {
    Resources: Record<string, { Properties: Record<string, unknown> }>;
  };
  return ["ReadRole", "WriteRole"].map((name) => {
    const trust = Resources[name]?.Properties["AssumeRolePolicyDocument"] as {
      Statement: { Condition: Record<string, Record<string, unknown>> }[];
    };
    const [[operator, condition]] = Object.entries(trust.Statement[0]!.Condition) as [
      [string, Record<string, unknown>],
    ];
    expect(operator).toBe("StringEquals");
    return condition["token.actions.githubusercontent.com:sub"];
  });
};

test("a repository whose ids are known is trusted by both of the names that GitHub may give it", async () => {
  const prod = await environmentOf("prod");
  const known = {
    ...prod,
    cloud: { ...prod.cloud, repositoryIds: { owner: 123456, repository: 456789 } },
  } as typeof prod;
  const both = (repository: string, withIds: string) =>
    ["prod-preview", "prod"].map((place) => [
      `repo:${repository}:environment:${place}`,
      `repo:${withIds}:environment:${place}`,
    ]);
  expect(subjectsOf(bootstrapOf(known, OPTIONS))).toEqual(
    both("company/platform", "company@123456/platform@456789"),
  );
  const other = { ...OPTIONS, repository: "company/other" };
  expect(subjectsOf(bootstrapOf(known, { ...other, repositoryIds: "123456/77" }))).toEqual(
    both("company/other", "company@123456/other@77"),
  );
  // The ids of the file are those of the file's repository.
  expect(bootstrapOf(known, other).repositoryIds).toBeUndefined();
});

test("who gives no ids is told when they are needed and where they are", async () => {
  const { text } = await bootstrap({ rehearse: true });
  expect(text).toContain(
    "if company/platform was created, renamed or transferred after 15 July 2026",
  );
  expect(text).toContain("gh api repos/company/platform --jq '.owner.id, .id'");
  const given = await bootstrap({ rehearse: true, "repository-ids": "123456/456789" });
  expect(given.text).not.toContain("gh api");
  expect(given.text).toContain("company@123456/platform@456789");
});

test("each role is for one environment of one repository on GitHub, and cannot change itself", async () => {
  const wanted = bootstrapOf(await environmentOf("prod"), OPTIONS);
  const { Resources } = bootstrapTemplate(wanted) as {
    Resources: Record<
      string,
      {
        Properties: Record<string, unknown>;
        DeletionPolicy?: string;
        UpdateReplacePolicy?: string;
      }
    >;
  };
  expect(subjectsOf(wanted)).toEqual([
    ["repo:company/platform:environment:prod-preview"],
    ["repo:company/platform:environment:prod"],
  ]);
  expect(JSON.stringify(Resources["WriteRole"]?.Properties["Policies"])).toContain(
    '"Effect":"Deny","Action":"iam:*","Resource":["arn:aws:iam::333333333333:role/fairway-prod-read","arn:aws:iam::333333333333:role/fairway-prod-write","arn:aws:iam::333333333333:policy/fairway-prod-boundary"]',
  );
  // What a first attempt made goes with it, so that a second one finds the names free.
  for (const name of ["Key", "State", "Provider"])
    expect([name, Resources[name]]).toMatchObject([
      name,
      { DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" },
    ]);
  expect(bootstrapTemplate(wanted)).toMatchSnapshot();
  const second = bootstrapTemplate({ ...wanted, providerExists: true });
  expect(JSON.stringify(second)).not.toContain("OIDCProvider");
});

test("the boundary leaves to RDS what the role of its measurements is given, and to pods no logs of theirs", async () => {
  const { Resources } = bootstrapTemplate(bootstrapOf(await environmentOf("prod"), OPTIONS)) as {
    Resources: { Boundary: { Properties: { PolicyDocument: { Statement: BoundaryStatement[] } } } };
  };
  const { Statement } = Resources.Boundary.Properties.PolicyDocument;
  const logs = Statement.filter(({ Action }) =>
    Action.some((action) => action.startsWith("logs:")),
  );
  // The statements of AmazonRDSEnhancedMonitoringRole, in one account.
  const groups = "arn:aws:logs:*:333333333333:log-group:RDS*";
  expect(logs.map(({ Action, Resource }) => [Resource, Action])).toEqual([
    [groups, ["logs:CreateLogGroup", "logs:PutRetentionPolicy"]],
    [
      `${groups}:log-stream:*`,
      ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"],
    ],
  ]);
});

interface BoundaryStatement {
  readonly Action: readonly string[];
  readonly Resource: string;
}

test("an environment that does not say enough is refused where it should say it", async () => {
  const prod = await environmentOf("prod");
  const codes = async (change: object, options = OPTIONS) =>
    problemsOf(() => bootstrapOf({ ...prod, ...change }, options));
  expect((await codes({ state: {} }))[0]).toMatch(/^FW7030 the state of prod is not in S3/);
  expect((await codes({ secretsProvider: "passphrase" }))[0]).toMatch(
    /^FW7030 the secrets of prod/,
  );
  expect((await codes({}, { ...OPTIONS, repository: "nonsense" }))[0]).toMatch(
    /^FW7030 nonsense is no repository on GitHub/,
  );
  for (const repositoryIds of ["*/*", "1", "company/2", "1/2/3", "0/1"])
    expect((await codes({}, { ...OPTIONS, repositoryIds }))[0]).toMatch(
      /^FW7030 .* are no ids of an owner and a repository on GitHub \|/,
    );
  expect((await problemsOf(() => run(context, input([]))))[0]).toMatch(
    /^FW7030 local has no account in AWS/,
  );
});
