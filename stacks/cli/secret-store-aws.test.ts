import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findDriver } from "../../components/catalog.ts";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { requestOf } from "../../tools/test/pod/objects.ts";
import type { PlanItem } from "../contract/plan.ts";
import { run } from "./commands/secret-set.ts";
import { fileBackend } from "../state/backend.ts";
import { readTombstone } from "../state/tombstone.ts";
import { plansOf, readWorkspace } from "./planning.ts";
import { letSecretsGo } from "./retire.ts";
import { withSecretsManager } from "./secret-store-aws.ts";
import { refuseAbsentSecrets } from "./secrets.ts";
import { contextOf, input, problemsOf } from "./testing.ts";

const { environment } = requestOf(findDriver("secret-aws")!);
const context = contextOf("/nowhere");
const NAME = "fairway/test/shop-api/stripe";
const SECRET = {
  service: "shop-api",
  name: "stripe",
  dataClass: "confidential",
  value: 'planted "0042"',
} as const;

/** Action and body of each request, and what is answered to the next ones: as Secrets Manager writes it on the wire. */
let asked: [action: string, body: Record<string, unknown>][];
let answers: { status: number; body: Record<string, unknown> }[];
let server: Server;
/** Whose credentials they are. */
let account = "";

beforeEach(async () => {
  [asked, answers, account] = [[], [], "444444444444"];
  server = createServer(async (request, response) => {
    const body = await text(request);
    if (body.startsWith("Action=GetCallerIdentity")) {
      response.end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
      return;
    }
    const action = String(request.headers["x-amz-target"]).replace("secretsmanager.", "");
    asked.push([action, JSON.parse(body) as Record<string, unknown>]);
    expect(request.headers.authorization).toMatch(
      /Credential=AKIAPLANTED\/\d{8}\/eu-central-1\/secretsmanager\/aws4_request/,
    );
    const answer = answers.shift() ?? { status: 500, body: {} };
    response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(answer.body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${port}`);
  vi.stubEnv("AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "true");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAPLANTED");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "planted");
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

const absent = {
  status: 400,
  body: { __type: "ResourceNotFoundException", Message: "Secrets Manager can't find the secret." },
};
const stored = (account: string, more: object = {}) => ({
  status: 200,
  body: {
    Name: NAME,
    ARN: `arn:aws:secretsmanager:eu-central-1:${account}:secret:${NAME}-AbCdEf`,
    VersionIdsToStages: { one: ["AWSPREVIOUS"], two: ["AWSCURRENT"] },
    ...more,
  },
});
const keep = () => withSecretsManager(context, environment, (store) => store.keep(SECRET));
const item = { args: { name: NAME } } as unknown as PlanItem;
const holds = () => withSecretsManager(context, environment, (store) => store.holds(item));

test("a secret that is not there is made, encrypted with the key of its class in the environment's account", async () => {
  answers = [absent, { status: 200, body: { ARN: "arn", Name: NAME } }];
  expect(await keep()).toBe(NAME);
  expect(asked).toMatchObject([
    ["DescribeSecret", { SecretId: NAME }],
    [
      "CreateSecret",
      {
        Name: NAME,
        SecretString: '{"value":"planted \\"0042\\""}',
        KmsKeyId: "arn:aws:kms:eu-central-1:444444444444:alias/fairway-test-confidential",
      },
    ],
  ]);
});

test("a secret that is there gets another value, by its ARN", async () => {
  answers = [stored("444444444444"), { status: 200, body: {} }];
  await keep();
  expect(asked[1]).toMatchObject([
    "PutSecretValue",
    { SecretId: expect.stringMatching(/^arn:.*-AbCdEf$/), SecretString: expect.any(String) },
  ]);
});

test("credentials of another account write nothing", async () => {
  answers = [stored("555555555555")];
  expect(await problemsOf(keep)).toEqual([
    "FW7017 the credentials are of the account 555555555555, and `test` is in 444444444444 | log in to the account 444444444444",
  ]);
  expect(asked.map(([action]) => action)).toEqual(["DescribeSecret"]);
});

test("what the store refuses is told without the value", async () => {
  answers = [
    absent,
    {
      status: 400,
      body: { __type: "AccessDeniedException", Message: "not authorized to CreateSecret" },
    },
  ];
  const [told] = await problemsOf(keep);
  expect(told).toContain("FW7017 the store of `test` refused the secret: not authorized");
  expect(told).toContain("log in to the account 444444444444");
  expect(told).not.toContain("planted");
});

test("a secret is present with a value, absent without one, and unknown where the store cannot be asked", async () => {
  answers = [
    stored("444444444444"),
    absent,
    stored("444444444444", { VersionIdsToStages: {} }),
    stored("444444444444", { DeletedDate: 1_790_000_000 }),
    { status: 400, body: { __type: "AccessDeniedException", Message: "no" } },
  ];
  expect([await holds(), await holds(), await holds(), await holds(), await holds()]).toEqual([
    true,
    false,
    false,
    false,
    undefined,
  ]);
});

const listed = (...names: readonly string[]) => ({
  status: 200,
  body: { SecretList: names.map((name) => ({ Name: name, ARN: `arn:of:${name}` })) },
});
const letGo = (told: unknown[] = []) =>
  withSecretsManager(context, environment, (store) =>
    store.letGo!("shop-api", async (going) => void told.push(...going, asked.length)),
  );

test("what a service brought is told and then deleted, to be had back for 30 days", async () => {
  answers = [
    // What Fairway made is in the state; what begins the same is another service's.
    listed(NAME, `${NAME}/keys`, "fairway/test/shop-api-two/stripe"),
    { status: 200, body: {} },
  ];
  const told: unknown[] = [];
  await letGo(told);
  expect(told).toEqual([{ name: NAME, until: "2026-12-21" }, 1]);
  expect(asked).toMatchObject([
    ["ListSecrets", { Filters: [{ Key: "name", Values: ["fairway/test/shop-api/"] }] }],
    ["DeleteSecret", { SecretId: `arn:of:${NAME}`, RecoveryWindowInDays: 30 }],
  ]);
  expect(asked).toHaveLength(2);
});

test("the tombstone says what goes and until when, though the store refuses to delete it", async () => {
  const root = mkdtempSync(path.join(tmpdir(), "fairway-secret-"));
  try {
    const backend = fileBackend(root);
    answers = [
      listed(NAME),
      { status: 400, body: { __type: "AccessDeniedException", Message: "no" } },
    ];
    const site = { context, environment };
    const grave = { stack: "shop-api.test", run: "r1" };
    expect(await problemsOf(() => letSecretsGo(site, backend, grave))).toHaveLength(1);
    const tombstone = await readTombstone(backend, "shop-api.test");
    expect(tombstone).toMatchObject({
      copies: [{ of: "stripe", kind: "secret", name: NAME, until: "2026-12-21" }],
    });
    expect(tombstone).not.toHaveProperty("ended");
  } finally {
    rmSync(root, { recursive: true });
  }
});

test("fails to delete with credentials of another account, and without the right to", async () => {
  account = "555555555555";
  expect(await problemsOf(letGo)).toEqual([
    "FW7017 the credentials are of the account 555555555555, and `test` is in 444444444444 | log in to the account 444444444444",
  ]);
  account = "444444444444";
  answers = [{ status: 400, body: { __type: "AccessDeniedException", Message: "no" } }];
  expect(await problemsOf(letGo)).toEqual([
    "FW7017 the store of `test` refused the secret: no | log in to the account 444444444444 with the right to list and delete secrets named fairway/test/*",
  ]);
  expect(asked.map(([action]) => action)).toEqual(["ListSecrets"]);
});

test("a secret that is being deleted is brought back by a value", async () => {
  const done = { status: 200, body: {} };
  answers = [stored("444444444444", { DeletedDate: 1_790_000_000 }), done, done];
  await keep();
  expect(asked.map(([action]) => action)).toEqual([
    "DescribeSecret",
    "RestoreSecret",
    "PutSecretValue",
  ]);
});

const SERVICE = `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: shop-api
spec:
  type: worker
  language: node
  owner: shop
  image: registry.example.com/shop-api:1.0
  dataClass: restricted
  uses:
    stripe: { type: secret }
`;

test("the command writes to the store of the rule's driver, and a plan without the secret is refused", async () => {
  const root = mkdtempSync(path.join(tmpdir(), "fairway-secret-"));
  try {
    const [file, environments] = ["services/shop-api/service.yaml", "environments/prod.yaml"];
    for (const each of [file, environments])
      mkdirSync(path.dirname(path.join(root, each)), { recursive: true });
    writeFileSync(path.join(root, file), SERVICE);
    cpSync(path.join(checkoutRoot(), environments), path.join(root, environments));
    const here = contextOf(root, { stdin: async () => "planted\n" });
    const workspace = await readWorkspace(here);
    const prod = workspace.environments["prod"]!;
    const { account } = prod.cloud as { account: string };
    // Secrets that images are pulled with are kept in the cluster, and there is none here.
    const unpulled = { ...prod, images: { ...prod.images, pullSecrets: [] } };

    answers = [absent, { status: 200, body: {} }];
    const { data, text: told } = await run(here, input(["shop-api", "stripe"], { env: "prod" }));
    expect(data).toMatchObject({ store: "fairway/prod/shop-api/stripe" });
    expect(told).not.toContain("planted");
    expect(asked[1]).toMatchObject([
      "CreateSecret",
      {
        SecretString: '{"value":"planted"}',
        KmsKeyId: `arn:aws:kms:eu-central-1:${account}:alias/fairway-prod-restricted`,
      },
    ]);

    const plans = plansOf(here, workspace, input([]), ["prod"], ["shop-api"]);
    answers = [absent, stored(account)];
    const before = await refuseAbsentSecrets(here, unpulled, plans);
    expect(before.plans.flatMap(({ refusals }) => refusals)).toContainEqual(
      expect.objectContaining({
        code: "FW4008",
        hint: "run `fairway secret set shop-api stripe --env prod < file`",
      }),
    );
    const after = await refuseAbsentSecrets(here, unpulled, plans);
    expect(after.present).toEqual(["shop-api.stripe.prod"]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
