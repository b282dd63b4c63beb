import { FairwayError, fail } from "../../contract/problem.ts";
import { sourceOf } from "../../contract/source.ts";
import { DEFAULT } from "../../plan/defaults.ts";
import { DRIVERS, chooseDriver } from "../../plan/drivers.ts";
import type { Run } from "../command.ts";
import { readWorkspace } from "../planning.ts";
import { STORES } from "../secret-store.ts";
import { selectEnvironments, selectServices } from "../select.ts";

/** `fairway secret set SERVICE NAME`: keeps what standard input holds in the environment's store; never in Git, never printed. */
export const run: Run = async (context, input) => {
  const [name = "", secret = ""] = input.operands;
  const workspace = await readWorkspace(context);
  const environment = workspace.environments[selectEnvironments(workspace, input, "local")[0]!]!;
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
  const value = (await context.stdin()).replace(/\r?\n$/, "");
  if (value === "")
    fail("FW7016", "standard input is empty, so there is no secret to keep", {
      hint: `run \`fairway secret set ${name} ${secret} < file\``,
    });
  const choice = chooseDriver(use, environment, DRIVERS, sourceOf(service, `uses.${secret}.type`));
  if (!("driver" in choice)) throw new FairwayError(choice);
  const load = STORES[choice.driver.name] ?? fail("FW9000", `no store for ${choice.driver.name}`);
  const open = await load();
  const dataClass = service.dataClass ?? DEFAULT.dataClass.value;
  const store = await open(context, environment, (kept) =>
    kept.keep({ service: name, name: secret, dataClass, value }),
  );
  return {
    exit: 0,
    data: { service: name, secret, environment: environment.name, store },
    text: `kept ${secret} of ${name} for ${environment.name} (${value.length} characters); raise \`version\` of the use to restart what reads it`,
  };
};
