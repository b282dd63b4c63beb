import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { findings, fixture } from "../lib/fixture.ts";
import { suite } from "../lib/suite.ts";
import { secretsIn, signOf } from "./detect.ts";
import { secretLiterals } from "./secret-literals.ts";

const env = (name: string, value: string) => ({
  env: [
    { name: "A", value: "1" },
    { name, value },
  ],
});

suite(secretLiterals, {
  containers: [
    {
      title: "fails a variable by its name",
      set: env("DB_PASSWORD", "hunter2"),
      finds: ["env[1].value"],
    },
    {
      title: "fails an argument",
      set: { args: ["serve", "--api-key=0123456789"] },
      finds: ["args[1]"],
    },
    {
      title: "fails an argument after its flag",
      set: { command: ["serve", "--token", "abcdef", "--port", "1"] },
      finds: ["command[1]"],
    },
    {
      title: "passes references",
      set: { ...env("DB_PASSWORD", "$(POSTGRES_PASSWORD)"), args: ["--password=$(DB_PASSWORD)"] },
      finds: [],
    },
  ],
  objects: [
    {
      title: "fails a ConfigMap with a password in a file",
      on: "core/v1:ConfigMap",
      set: { "data.conf": "user = shop\npassword = hunter2\n" },
      finds: ["data.conf"],
    },
    {
      title: "fails a ConfigMap with a password as a value",
      on: "core/v1:ConfigMap",
      set: { 'data["db.password"]': "hunter2" },
      finds: ['data["db.password"]'],
    },
  ],
});

describe("signs of a secret", () => {
  test.each([
    ["PASSWORD", "x"],
    ["POSTGRES_PASSWORD", "changeme"],
    ["dbPassword", "hunter2"],
    ["api-key", "0123456789"],
    ["AWS_SECRET_ACCESS_KEY", "abc"],
    ["GITHUB_TOKEN", "abc"],
    ["MYSQL_PWD", "abc"],
    ["REDIS_PASS", "abc"],
    ["CLIENT_SECRET", "abc def"],
    ["SIGNING_KEY", "[secret]"],
  ])("takes %s=%s for one by its name", (name, value) => {
    expect(signOf(name, value)).toBe("by its name");
  });

  test.each([
    ["X", `-----BEGIN RSA ${"PRIVATE"} KEY-----\nMIIE`],
    ["X", `AKIA${"IOSFODNN7EXAMPLE"}`],
    ["X", `ghp_${"a1B2".repeat(9)}`],
    ["X", `glpat-${"a1B2".repeat(5)}`],
    ["DATABASE_URL", "postgres://shop:hunter2@db:5432/shop"],
    ["X", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${"c2lnbmF0dXJl"}`],
    ["X", `DefaultEndpointsProtocol=https;AccountKey=${"a1B2".repeat(12)}==`],
  ])("takes a known form in %s for one", (name, value) => {
    expect(signOf(name, value)).toBe("by its form");
  });

  test("takes generated texts for one, whatever they are called", () => {
    const seed = createHash("sha256").update("fixed").digest();
    for (let i = 0; i < 50; i++) {
      const bytes = createHash("sha512").update(seed).update(String(i)).digest();
      expect(signOf("SETTING", bytes.subarray(0, 30).toString("base64url"))).toBeDefined();
    }
  });

  test.each([
    ["TOKEN_URL", "https://login.example.com/token"],
    ["PASSWORD_FILE", "/run/secrets/password"],
    ["SECRET_NAME", "shop"],
    ["MAX_TOKENS", "4096"],
    ["TOKEN_TTL", "3600"],
    ["USE_TOKEN", "true"],
    ["DB_PASSWORD", ""],
    ["DB_PASSWORD", "$(DB_PASSWORD)"],
    ["DB_PASSWORD", "${DB_PASSWORD}"],
    ["API_KEY", "<your key>"],
    ["API_KEY", "arn:aws:secretsmanager:eu-central-1:1:secret:x"],
    ["DB_PASSWORD", "/var/run/secrets/db"],
    ["PARTITION_KEY", "customer"],
    ["GIT_COMMIT", createHash("sha1").update("x").digest("hex")],
    ["IMAGE", `registry.example.com/x@sha256:${createHash("sha256").update("x").digest("hex")}`],
    ["REQUEST_ID", "123e4567-e89b-12d3-a456-426614174000"],
    ["CLASS", "ComExampleShopOrdersRepositoryFactoryV2Impl64"],
    ["FEATURE", "enableNewCheckoutFlowForCustomers2026"],
    ["POD", "shop-api-7d9f8b6c5d-x2x4z"],
    ["QUEUE", "https://sqs.eu-central-1.amazonaws.com/111111111111/orders"],
    ["DATABASE_URL", "postgres://shop:$(DB_PASSWORD)@db:5432/shop"],
    ["JAVA_OPTS", "-XX:MaxRAMPercentage=75 -Dfile.encoding=UTF-8"],
    ["PASSWORD_ENCRYPTION", "scram-sha-256"],
    ["CERTIFICATE", "-----BEGIN CERTIFICATE-----"],
  ])("does not take %s=%s for one", (name, value) => {
    expect(signOf(name, value)).toBeUndefined();
  });

  test("finds assignments in files of several kinds", () => {
    expect(secretsIn('{"user": "shop", "password": "hunter2"}')).toMatchObject([
      { name: "password" },
    ]);
    expect(secretsIn("db:\n  password: 'hunter2'\n")).toMatchObject([{ name: "password" }]);
    expect(secretsIn("spring.datasource.password=hunter2")).toMatchObject([
      { name: "spring.datasource.password" },
    ]);
    expect(secretsIn("CREATE LOGIN shop WITH PASSWORD = N'hunter2';")).toMatchObject([
      { name: "PASSWORD" },
    ]);
  });

  test("does not find schemas, templates and shell", () => {
    for (const text of [
      "properties:\n  password:\n    type: string\n  token: string\n",
      'password: "{{ .Password }}"',
      'exec mysqladmin --password="$OLD" password "$NEW"',
      "PGPASSWORD=$(cat /run/secrets/db) exec postgres",
      "proxy_set_header X-Token $http_x_token;",
      "ALTER LOGIN [$FAIRWAY_USER] WITH PASSWORD = N'$password';",
      "password_encryption = scram-sha-256\nssl = on\n",
    ])
      expect([text, secretsIn(text)]).toEqual([text, []]);
  });

  test("never says the secret", () => {
    const secret = "hunter2-is-not-shown";
    const found = [
      fixture("apps/v1:Deployment", {
        "spec.template.spec.containers[0].env": [{ name: "DB_PASSWORD", value: secret }],
        "spec.template.spec.containers[0].args": [`--password=${secret}`, `--token`, secret],
      }),
      fixture("core/v1:ConfigMap", { "data.conf": `password = ${secret}` }),
    ].flatMap((resource) => findings(secretLiterals, resource));
    expect(found).toHaveLength(4);
    expect(JSON.stringify(found)).not.toContain(secret);
  });
});
