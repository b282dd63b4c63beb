import path from "node:path";
import type { Environment } from "../contract/environment.ts";

/** What credentials are looked for in: nothing is contacted. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  /** Folder of the environment's real state and key. */
  readonly root: string;
  /** Text of a file; undefined where there is none. */
  readonly read: (file: string) => string | undefined;
}

/** Something that is not here. */
export interface Missing {
  /** What: `no AWS credentials`. */
  readonly what: string;
  /** What it is needed for, or where it was looked for. */
  readonly why: string;
}

/**
 * What is missing to reach an environment in AWS: its key, its state and account, its cluster. Nothing is missing in
 * environments elsewhere, whose errors tell it. Credentials that are there and are refused by AWS are an error, too.
 */
export function missingCredentials(environment: Environment, around: Surroundings): Missing[] {
  const { cloud, cluster, state, secretsProvider } = environment;
  if (cloud.provider !== "aws" && !("eks" in cluster)) return [];
  const { backend = "file://" } = state;
  const missing: Missing[] = [];
  if (!backend.startsWith("file://") && !hasKey(around))
    missing.push({ what: "no key", why: "neither FAIRWAY_KEY nor .fairway/key" });
  const inAws = [
    ...(backend.startsWith("s3://") ? [`the state ${backend}`] : []),
    ...(secretsProvider.startsWith("awskms://") ? [`its key ${secretsProvider}`] : []),
    ...(cloud.provider === "aws" ? [`the account ${cloud.account}`] : []),
  ];
  const aws = inAws.length > 0 ? missingAws(around) : undefined;
  if (aws !== undefined) missing.push({ what: aws, why: `for ${inAws.join(", ")}` });
  const kubeconfig = kubeconfigOf(environment, around);
  // Before the first update there is no cluster to have a kubeconfig of.
  const isTheirs = !("embedded" in cluster) && !(cloud.provider === "aws" && "create" in cloud.eks);
  if (isTheirs && around.read(kubeconfig) === undefined)
    missing.push({ what: "no kubeconfig", why: `for the cluster, at ${kubeconfig}` });
  return missing;
}

const hasKey = ({ env, root, read }: Surroundings): boolean =>
  Boolean(env["FAIRWAY_KEY"]) || read(path.join(root, ".fairway", "key")) !== undefined;

function kubeconfigOf({ cluster }: Environment, { env, home }: Surroundings): string {
  const named = "context" in cluster ? cluster.kubeconfig : undefined;
  return (
    named ??
    (env["KUBECONFIG"] || undefined)?.split(path.delimiter)[0] ??
    path.join(home, ".kube", "config")
  );
}

/** Sets of variables each of which is enough: keys, web identity, and the roles of containers. */
const ENOUGH: readonly (readonly string[])[] = [
  ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
  ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"],
  ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"],
  ["AWS_CONTAINER_CREDENTIALS_FULL_URI"],
];

/** Settings of a profile each of which leads to credentials. */
const LEADING =
  /^\s*(aws_access_key_id|credential_process|credential_source|login_session|role_arn|sso_session|sso_start_url|source_profile|web_identity_token_file)\s*=\s*\S/m;

/**
 * Why AWS's own tools would find no credentials here; undefined where they find some. The role of an EC2 instance is
 * not seen, since only the instance's network tells it: a profile with `credential_source = Ec2InstanceMetadata` is.
 */
export function missingAws({ env, home, read }: Surroundings): string | undefined {
  if (ENOUGH.some((names) => names.every((name) => env[name]))) return undefined;
  const named = env["AWS_PROFILE"] || env["AWS_DEFAULT_PROFILE"];
  const profile = named || "default";
  const files = [
    env["AWS_SHARED_CREDENTIALS_FILE"] || path.join(home, ".aws", "credentials"),
    env["AWS_CONFIG_FILE"] || path.join(home, ".aws", "config"),
  ];
  const sections = files.flatMap((file) => sectionsOf(read(file) ?? "", profile));
  if (sections.some((section) => LEADING.test(section))) return undefined;
  return named ? `no credentials in the AWS profile ${named}` : "no AWS credentials";
}

/** Texts of the sections `[name]` and `[profile name]`. */
function sectionsOf(text: string, name: string): string[] {
  return text
    .split(/^\s*\[/m)
    .slice(1)
    .flatMap((part) => {
      const end = part.indexOf("]");
      const title = part
        .slice(0, end)
        .trim()
        .replace(/^profile\s+/, "");
      return end !== -1 && title.replaceAll(/^["']|["']$/g, "") === name
        ? [part.slice(end + 1)]
        : [];
    });
}
