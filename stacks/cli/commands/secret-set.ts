import type { Environment } from "../../contract/environment.ts";
import {
  LABELS,
  PULL_SECRET,
  SECRET_STORE,
  storedPullSecret,
  storedSecret,
} from "../../contract/names.ts";
import { fail } from "../../contract/problem.ts";
import type { Workspace } from "../../contract/workspace.ts";
import { statusOf } from "../../providers/kubernetes/failure.ts";
import { withCluster } from "../cluster.ts";
import type { Context, Input, Run } from "../command.ts";
import { readWorkspace } from "../planning.ts";
import { selectEnvironments, selectServices } from "../select.ts";

/** A secret as it is kept. */
interface Kept {
  /** Name of the Kubernetes Secret. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly key: string;
  /** What is said of it; never its value. */
  readonly told: string;
  readonly data: { readonly service?: string; readonly secret: string };
}

/**
 * `fairway secret set SERVICE NAME`, or `--pull NAME`: keeps what standard input holds in the environment's store;
 * never in Git, never printed.
 */
export const run: Run = async (context, input) => {
  const pull = input.flags["pull"] as string | undefined;
  if (input.operands.length !== (pull === undefined ? 2 : 0))
    fail("FW7003", "`secret set` needs SERVICE NAME, or `--pull NAME` and neither of them", {
      hint: "for example `fairway secret set shop-api stripe < key.txt`",
    });
  const workspace = await readWorkspace(context);
  const environment = workspace.environments[selectEnvironments(workspace, input, "local")[0]!]!;
  const kept =
    pull === undefined
      ? broughtSecret(workspace, environment, input)
      : pullSecret(environment, pull);
  const value = await readValue(context, pull !== undefined);
  await keep(context, environment, kept, value);
  return {
    exit: 0,
    data: {
      ...kept.data,
      environment: environment.name,
      store: `${SECRET_STORE}/${kept.name}`,
    },
    text: `kept ${kept.told} for ${environment.name} (${value.length} characters); ${pull === undefined ? "raise `version` of the use to restart what reads it" : "the next `fairway up` of a service brings it to its namespace"}`,
  };
};

function broughtSecret(workspace: Workspace, environment: Environment, input: Input): Kept {
  const [name = "", secret = ""] = input.operands;
  selectServices(Object.keys(workspace.services), { operands: [name], flags: {} }, "none");
  const uses = workspace.services[name]!.in[environment.name]!.uses;
  if (uses[secret]?.type !== "secret") {
    const known = Object.keys(uses).filter((use) => uses[use]!.type === "secret");
    fail(
      "FW7015",
      `${name} uses no secret \`${secret}\`${known.length > 0 ? `: ${known.join(", ")}` : ""}`,
      {
        file: workspace.services[name]!.file,
        hint: `add it to the descriptor: \`uses: {${secret}: {type: secret}}\``,
      },
    );
  }
  return {
    name: storedSecret(name, secret, environment.name),
    labels: { [LABELS.service]: name },
    key: "value",
    told: `${secret} of ${name}`,
    data: { service: name, secret },
  };
}

function pullSecret({ name, file, images }: Environment, secret: string): Kept {
  if (!images.pullSecrets.includes(secret))
    fail(
      "FW7015",
      `\`${name}\` pulls with no secret \`${secret}\`${images.pullSecrets.length > 0 ? `: ${images.pullSecrets.join(", ")}` : ""}`,
      { file, path: "spec.images", hint: `add it: \`images: {pullSecrets: [${secret}]}\`` },
    );
  return {
    name: storedPullSecret(secret, name),
    labels: {},
    ...PULL_SECRET,
    told: `the pull secret ${secret}`,
    data: { secret },
  };
}

async function readValue(context: Context, docker: boolean): Promise<string> {
  const value = (await context.stdin()).replace(/\r?\n$/, "");
  if (value === "")
    fail("FW7016", "standard input is empty, so there is no secret to keep", {
      hint: "redirect it: `fairway secret set … < file`",
    });
  if (docker && !isDockerConfig(value))
    fail("FW7016", "standard input is no docker configuration with `auths`", {
      hint: "`docker login` writes one to ~/.docker/config.json; with a credential store it holds no credentials: write `auths` yourself, `kubectl create secret docker-registry --dry-run=client -o yaml` shows the form",
    });
  return value;
}

/** Whether it holds credentials of a registry: what the kubelet takes from a secret of this type. */
export function isDockerConfig(text: string): boolean {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return false;
  }
  const auths = fieldsOf(fieldsOf(config)["auths"]);
  const entries = Object.values(auths).map(fieldsOf);
  return (
    entries.length > 0 &&
    entries.every(({ auth, username, password }) =>
      [auth, username && password].some((held) => typeof held === "string" && held !== ""),
    )
  );
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** Applies the store's namespace and the secret. */
async function keep(
  context: Context,
  environment: Environment,
  kept: Kept,
  value: string,
): Promise<void> {
  await withCluster(context, environment, async ({ client }) => {
    const labels = {
      [LABELS.managedBy]: "fairway",
      ...kept.labels,
      [LABELS.environment]: environment.name,
    };
    const objects = [
      {
        path: `/api/v1/namespaces/${SECRET_STORE}`,
        body: {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: SECRET_STORE, labels: { [LABELS.managedBy]: "fairway" } },
        },
      },
      {
        path: `/api/v1/namespaces/${SECRET_STORE}/secrets/${kept.name}`,
        body: {
          apiVersion: "v1",
          kind: "Secret",
          metadata: {
            name: kept.name,
            namespace: SECRET_STORE,
            labels,
          },
          ...(kept.type !== undefined && { type: kept.type }),
          data: { [kept.key]: Buffer.from(value).toString("base64") },
        },
      },
    ];
    for (const { path, body } of objects) {
      try {
        await client.request({
          method: "PATCH",
          path,
          body,
          type: "application/apply-patch+yaml",
          query: { fieldManager: "fairway-secret", force: "true" },
          signal: context.signal,
        });
      } catch (error) {
        if (statusOf(error) === 0) throw error;
        fail(
          "FW7017",
          `the store of \`${environment.name}\` refused the secret: ${(error as Error).message}`,
          {
            hint: "ask for write access to its namespace",
          },
        );
      }
    }
  });
}
