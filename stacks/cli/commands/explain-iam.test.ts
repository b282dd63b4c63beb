import { beforeAll, expect, test } from "vitest";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import { loadWorkspace } from "../../load/workspace.ts";
import type { IamReport } from "../iam-report.ts";
import { documentSchema } from "../schemas.ts";
import { contextOf, input, problemsOf } from "../testing.ts";
import { run } from "./explain-iam.ts";

let services: string[];
beforeAll(async () => {
  services = Object.keys((await loadWorkspace(checkoutRoot())).services);
});

const explain = async (service: string, flags = {}) => {
  const { data, text } = await run(contextOf(checkoutRoot()), input([service], flags));
  return { data: data as { policies: readonly IamReport[] }, text };
};

test("every statement of the example services comes from a line of a descriptor, and no wildcard is without a reason", async () => {
  const told = await Promise.all(
    services.map(async (service) =>
      (await explain(service)).data.policies.flatMap((policy) =>
        policy.statements.map((statement) => ({
          service,
          environment: policy.environment,
          ...statement,
        })),
      ),
    ),
  );
  const statements = told.flat();
  expect(new Set(statements.map(({ environment }) => environment))).toEqual(
    new Set(["dev", "staging", "prod"]),
  );
  for (const { service, sid, origin, from, actions, resources, reason, wildcard } of statements) {
    expect([sid, origin]).toMatchObject([sid, { from: "descriptor" }]);
    expect(from).toMatch(new RegExp(`^services/${service}/[a-z.]+:\\d+ `));
    expect(reason).toMatch(/\w/);
    for (const action of actions) expect(action).toMatch(/^[a-z0-9-]+:[A-Z]\w+$/);
    const isWild = resources.some((resource) => /[*?]/.test(resource));
    expect([sid, wildcard]).toEqual([sid, isWild ? expect.stringMatching(/\w \w/) : undefined]);
  }
});

test("is told for people and machines", async () => {
  const { text, data } = await explain("user-service", { env: "prod" });
  expect(text).toMatchInlineSnapshot(`
    "user-service in prod: role fairway-user-service-prod
      bounded by arn:aws:iam::333333333333:policy/fairway-prod-boundary
      databaseSecret: read the credentials of database  ← services/user-service/service.yaml:9 database
        may  secretsmanager:DescribeSecret, secretsmanager:GetSecretValue
        on   \${database.secretArn}
      databaseSecretKey: decrypt the credentials of database  ← services/user-service/service.yaml:9 database
        may  kms:Decrypt
        on   \${platform.key-internal}
        if   kms:ViaService StringEquals secretsmanager.eu-central-1.amazonaws.com"
  `);
  const document = {
    command: "explain iam",
    exit: 0,
    rehearsed: false,
    data,
    problems: [],
    notes: [],
  };
  expect(documentSchema("explain iam").safeParse(document).error?.issues ?? []).toEqual([]);
});

test("says where pods may do nothing, and which services there are", async () => {
  expect((await explain("user-service", { env: "local" })).text).toBe(
    "user-service in local: its pods may do nothing in a cloud",
  );
  expect(await problemsOf(() => explain("user-servise"))).toEqual([
    "FW7006 there is no service `user-servise` | did you mean `user-service`?",
  ]);
});
