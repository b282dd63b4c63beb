import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { compose, type Composed } from "../../compose/compose.ts";
import { readEnvFile } from "../../compose/env-file.ts";
import type { RevealedStack } from "../../compose/objects.ts";
import type { Environment } from "../../contract/environment.ts";
import type { Plan } from "../../contract/plan.ts";
import { FairwayError, problem } from "../../contract/problem.ts";
import { DRIVERS } from "../../plan/drivers.ts";
import { reveal } from "../../record/record.ts";
import { stateFolder } from "../../state/folder.ts";
import { readKey } from "../../state/key.ts";
import type { Context, Run } from "../command.ts";
import { plansOf, readWorkspace } from "../planning.ts";
import { selectEnvironments, selectServices } from "../select.ts";
import { writeNamed } from "../write.ts";

const ENV_FILE = "compose.env";

/** Docker Compose reads YAML 1.1 too: what that takes for something else is quoted. */
const YAML = { lineWidth: 0, compat: "yaml-1.1", aliasDuplicateObjects: false } as const;

/** `fairway compose [SERVICE…]`: services and what they need as a Docker Compose file, their secrets in an env file. */
export const run: Run = async (context, input) => {
  const workspace = await readWorkspace(context, input);
  const [name] = selectEnvironments(workspace, input, "local");
  const environment = workspace.environments[name!]!;
  const wanted = selectServices(Object.keys(workspace.services), input, "all");
  const plans = withNeeded(plansOf(context, workspace, input, [environment.name]), wanted);
  refuseCloud(plans, environment);
  const composed = compose(
    `fairway-${environment.name}`,
    await revealAll(context, plans),
    environment.images.tools,
  );
  const { env, write } = envFile(context, composed);
  const { document, notes } = composed;
  const text = `# Written by \`fairway compose\`. Its passwords are in ${env}.\n${stringify(document, YAML)}`;
  const out = input.flags["out"] as string | undefined;
  if (out !== undefined) writeNamed(out, text);
  write();
  const { missing } = composed.env;
  return {
    exit: 0,
    data: {
      environment: environment.name,
      services: Object.keys(document.services),
      file: out ?? null,
      env,
      missing,
      document,
    },
    text:
      out === undefined
        ? text.trimEnd()
        : [
            `wrote ${out} and ${env}`,
            ...missing.map((variable) => `fill in ${variable} in ${env}`),
            `run: docker compose --env-file ${env} -f ${out} up`,
          ].join("\n"),
    notes: notes.map((note) => problem("FW7046", note)),
  };
};

/** Plans of services and of everything that must be up first, without the platform. */
function withNeeded(plans: readonly Plan[], services: readonly string[]): Plan[] {
  const byStack = new Map(
    plans.filter(({ kind }) => kind !== "platform").map((plan) => [plan.stack, plan]),
  );
  const needed = new Set<Plan>();
  const need = (plan: Plan | undefined): void => {
    if (!plan || needed.has(plan)) return;
    needed.add(plan);
    for (const stack of plan.dependsOn) need(byStack.get(stack));
  };
  for (const plan of byStack.values())
    if (plan.kind === "service" && services.includes(plan.name)) need(plan);
  // In the order of plans what is shared comes first.
  return plans.filter((plan) => needed.has(plan));
}

function refuseCloud(plans: readonly Plan[], { name }: Environment): void {
  const problems = plans.flatMap(({ stack, items }) =>
    items.flatMap(({ id, component }) =>
      DRIVERS.get(component)?.cloud === undefined
        ? []
        : [
            problem("FW7044", `${id} of ${stack} is a ${component}, which AWS runs in ${name}`, {
              hint: "compose an environment whose rules name drivers of the cluster, such as `--env local`",
            }),
          ],
    ),
  );
  if (problems.length > 0) throw new FairwayError(problems);
}

async function revealAll(context: Context, plans: readonly Plan[]): Promise<RevealedStack[]> {
  const key = readKey(context.root, context.env["FAIRWAY_KEY"]).bytes;
  const outputs = new Map<string, Readonly<Record<string, string>>>();
  const stacks: RevealedStack[] = [];
  for (const plan of plans) {
    const revealed = await reveal(plan, key, outputs);
    if (plan.kind === "shared") outputs.set(plan.stack, revealed.outputs);
    stacks.push({ plan, views: revealed.views });
  }
  return stacks;
}

/** The env file: its path in the root, and what writes it where Git ignores it and nobody else reads it. */
function envFile(
  context: Context,
  { env }: Composed,
): { readonly env: string; readonly write: () => void } {
  const folder = stateFolder(context.root);
  const file = path.join(folder, ENV_FILE);
  const kept = existsSync(file) ? readEnvFile(readFileSync(file, "utf8")) : {};
  const text = env.text(kept);
  const write = (): void => {
    mkdirSync(folder, { recursive: true });
    if (!existsSync(path.join(folder, ".gitignore")))
      writeFileSync(path.join(folder, ".gitignore"), "*\n");
    writeFileSync(file, text, { mode: 0o600 });
  };
  return { env: path.posix.join(path.basename(folder), ENV_FILE), write };
}
