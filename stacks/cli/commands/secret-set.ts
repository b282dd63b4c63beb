import { LABELS, SECRET_STORE, storedSecret } from "../../contract/names.ts";
import { fail } from "../../contract/problem.ts";
import { statusOf } from "../../providers/kubernetes/failure.ts";
import { withCluster } from "../cluster.ts";
import type { Run } from "../command.ts";
import { readWorkspace } from "../planning.ts";
import { selectEnvironments, selectServices } from "../select.ts";

/** `fairway secret set SERVICE NAME`: keeps what standard input holds in the environment's store; never in Git, never printed. */
export const run: Run = async (context, input) => {
  const [name = "", secret = ""] = input.operands;
  const workspace = await readWorkspace(context);
  const environment = workspace.environments[selectEnvironments(workspace, input, "local")[0]!]!;
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
  const value = (await context.stdin()).replace(/\r?\n$/, "");
  if (value === "")
    fail("FW7016", "standard input is empty, so there is no secret to keep", {
      hint: `run \`fairway secret set ${name} ${secret} < file\``,
    });
  await withCluster(context, environment, async ({ client }) => {
    const labels = {
      [LABELS.managedBy]: "fairway",
      [LABELS.service]: name,
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
        path: `/api/v1/namespaces/${SECRET_STORE}/secrets/${storedSecret(name, secret, environment.name)}`,
        body: {
          apiVersion: "v1",
          kind: "Secret",
          metadata: {
            name: storedSecret(name, secret, environment.name),
            namespace: SECRET_STORE,
            labels,
          },
          data: { value: Buffer.from(value).toString("base64") },
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
  const store = `${SECRET_STORE}/${storedSecret(name, secret, environment.name)}`;
  return {
    exit: 0,
    data: { service: name, secret, environment: environment.name, store },
    text: `kept ${secret} of ${name} for ${environment.name} (${value.length} characters); raise \`version\` of the use to restart what reads it`,
  };
};
