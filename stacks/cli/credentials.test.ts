import { describe, expect, test } from "vitest";
import { testEnvironment } from "../plan/testing.ts";
import { type Surroundings, missingAws, missingCredentials } from "./credentials.ts";

const around = (
  env: Surroundings["env"] = {},
  files: Readonly<Record<string, string>> = {},
): Surroundings => ({ env, home: "/home/me", root: "/root", read: (file) => files[file] });

describe("credentials of AWS, found without contacting anything", () => {
  const CREDENTIALS = "/home/me/.aws/credentials";
  const CONFIG = "/home/me/.aws/config";
  const KEYS = "aws_access_key_id = AKIA\naws_secret_access_key = secret\n";

  test.each<[string, Surroundings["env"], Record<string, string>]>([
    ["keys", { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" }, {}],
    ["web identity", { AWS_WEB_IDENTITY_TOKEN_FILE: "/t", AWS_ROLE_ARN: "arn" }, {}],
    ["a container's role", { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2" }, {}],
    ["a pod's identity", { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23" }, {}],
    ["the default profile", {}, { [CREDENTIALS]: `[default]\n${KEYS}` }],
    ["a default profile of SSO", {}, { [CONFIG]: "[default]\nsso_session = company\n" }],
    ["a named profile", { AWS_PROFILE: "prod" }, { [CREDENTIALS]: `[dev]\n[prod]\n${KEYS}` }],
    [
      "a role to take on",
      { AWS_PROFILE: "prod" },
      { [CONFIG]: "[profile prod]\nregion = x\nrole_arn = arn:aws:iam::1:role/x\n" },
    ],
    [
      "the role of an instance that a profile names",
      { AWS_DEFAULT_PROFILE: "prod" },
      { [CONFIG]: "[profile prod]\ncredential_source = Ec2InstanceMetadata\n" },
    ],
    [
      "a file of another name",
      { AWS_SHARED_CREDENTIALS_FILE: "/k" },
      { "/k": `[default]\n${KEYS}` },
    ],
  ])("are there: %s", (_, env, files) => {
    expect(missingAws(around(env, files))).toBe(undefined);
  });

  test.each<[string, Surroundings["env"], Record<string, string>, string]>([
    ["nothing", {}, {}, "no AWS credentials"],
    ["half a key", { AWS_ACCESS_KEY_ID: "a" }, {}, "no AWS credentials"],
    [
      "empty variables",
      { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
      {},
      "no AWS credentials",
    ],
    [
      "a region alone",
      {},
      { [CONFIG]: "[default]\nregion = eu-central-1\n" },
      "no AWS credentials",
    ],
    [
      "another profile's",
      { AWS_PROFILE: "prod" },
      { [CREDENTIALS]: `[default]\n${KEYS}`, [CONFIG]: "[profile prod]\nregion = x\n" },
      "no credentials in the AWS profile prod",
    ],
    [
      "commented out",
      {},
      { [CREDENTIALS]: "[default]\n# aws_access_key_id = AKIA\n" },
      "no AWS credentials",
    ],
  ])("are missing: %s", (_, env, files, told) => {
    expect(missingAws(around(env, files))).toBe(told);
  });
});

describe("what is missing to reach an environment", () => {
  const eks = { adopt: { mode: "managed", clusterSecurityGroup: "sg-1" } };
  const cloud = { provider: "aws", region: "eu-central-1", account: "111122223333", eks };
  const prod = testEnvironment("prod", {
    cluster: { eks: "company" },
    cloud,
    state: { backend: "s3://state" },
    secretsProvider: "awskms://alias/x",
  });
  const KEYS = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };

  test("is told all at once", () => {
    expect(missingCredentials(prod, around())).toEqual([
      { what: "no key", why: "neither FAIRWAY_KEY nor .fairway/key" },
      {
        what: "no AWS credentials",
        why: "for the state s3://state, its key awskms://alias/x, the account 111122223333",
      },
      { what: "no kubeconfig", why: "for the cluster, at /home/me/.kube/config" },
    ]);
  });

  test("is nothing where all of it is there, wherever it is", () => {
    const files = { "/root/.fairway/key": "k", "/k": "kubeconfig" };
    expect(missingCredentials(prod, around({ ...KEYS, KUBECONFIG: "/k:/l" }, files))).toEqual([]);
    const env = { ...KEYS, FAIRWAY_KEY: "k" };
    const home = { "/home/me/.kube/config": "kubeconfig" };
    expect(missingCredentials(prod, around(env, home))).toEqual([]);
  });

  test("is no kubeconfig of a cluster that the platform makes first", () => {
    const created = testEnvironment("prod", {
      cluster: { eks: "company" },
      cloud: { ...cloud, eks: { create: {} } },
    });
    expect(missingCredentials(created, around(KEYS))).toEqual([]);
  });

  test("is nothing in environments elsewhere", () => {
    const local = testEnvironment("local", { state: { backend: "s3://x?endpoint=127.0.0.1" } });
    expect(missingCredentials(local, around())).toEqual([]);
    const named = testEnvironment("test", { cluster: { context: "kind" } });
    expect(missingCredentials(named, around())).toEqual([]);
  });
});
