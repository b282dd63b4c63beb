import type { Environment } from "../../contract/environment.ts";
import { PULL_SECRET, storedPullSecret } from "../../contract/names.ts";
import { FairwayError, fail } from "../../contract/problem.ts";
import { recordedName } from "../../contract/names.ts";
import { sourceOf } from "../../contract/source.ts";
import type { Workspace } from "../../contract/workspace.ts";
import { DEFAULT } from "../../plan/defaults.ts";
import { DRIVERS, chooseDriver } from "../../plan/drivers.ts";
import type { CommandResult, Context, Input, Run } from "../command.ts";
import { readWorkspace } from "../planning.ts";
import { keepInCluster } from "../secret-store-cluster.ts";
import { itemId } from "../../plan/names.ts";
import { STORES } from "../secret-store.ts";
import { selectEnvironments, selectServices } from "../select.ts";

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
  return pull === undefined
    ? setSecret(context, input, workspace, environment)
    : setPullSecret(context, environment, pull);
};

async function setSecret(
  context: Context,
  input: Input,
  workspace: Workspace,
  environment: Environment,
): Promise<CommandResult> {
  const [name = "", secret = ""] = input.operands;
  selectServices(Object.keys(workspace.services), { operands: [name], flags: {} }, "none");
  const service = workspace.services[name]!.in[environment.name]!;
  const { uses } = service;
  const use = uses[secret];
  if (use?.type !== "secret") {
    const known = Object.keys(uses).filter((use) => uses[use]!.type === "secret");
    return fail(
      "FW7015",
      `${name} uses no secret \`${secret}\`${known.length > 0 ? `: ${known.join(", ")}` : ""}`,
      {
        file: workspace.services[name]!.file,
        hint: `add it to the descriptor: \`uses: {${secret}: {type: secret}}\``,
      },
    );
  }
  const value = await readValue(context, false);
  const choice = chooseDriver(use, environment, DRIVERS, sourceOf(service, `uses.${secret}.type`));
  if (!("driver" in choice)) throw new FairwayError(choice);
  const load = STORES[choice.driver.name] ?? fail("FW9000", `no store for ${choice.driver.name}`);
  const open = await load();
  const dataClass = service.dataClass ?? DEFAULT.dataClass.value;
  const store = await open(context, environment, (kept) =>
    kept.keep({
      service: recordedName(service),
      name: itemId(secret, use),
      dataClass,
      value,
    }),
  );
  return {
    exit: 0,
    data: { service: name, secret, environment: environment.name, store },
    text: `kept ${secret} of ${name} for ${environment.name} (${value.length} characters); raise \`version\` of the use to restart what reads it`,
  };
}

async function setPullSecret(
  context: Context,
  environment: Environment,
  secret: string,
): Promise<CommandResult> {
  const { name, file, images } = environment;
  if (!images.pullSecrets.includes(secret))
    fail(
      "FW7015",
      `\`${name}\` pulls with no secret \`${secret}\`${images.pullSecrets.length > 0 ? `: ${images.pullSecrets.join(", ")}` : ""}`,
      { file, path: "spec.images", hint: `add it: \`images: {pullSecrets: [${secret}]}\`` },
    );
  const value = await readValue(context, true);
  const store = await keepInCluster(context, environment, {
    name: storedPullSecret(secret, name),
    labels: {},
    ...PULL_SECRET,
    value,
  });
  return {
    exit: 0,
    data: { secret, environment: name, store },
    text: `kept the pull secret ${secret} for ${name} (${value.length} characters); the next \`fairway up\` of a service brings it to its namespace`,
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
