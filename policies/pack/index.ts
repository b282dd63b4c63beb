import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { splitStack } from "../../stacks/contract/names.ts";
import { FairwayError, fail } from "../../stacks/contract/problem.ts";
import { PACK } from "../../stacks/judge/analyzer.ts";
import { stackOf } from "../../stacks/judge/judge.ts";
import { readLevels } from "../../stacks/judge/organisation.ts";
import { type JudgeSettings, settingsOf } from "../../stacks/judge/settings.ts";
import { readEnvironments } from "../../stacks/load/environments.ts";
import { Root } from "../../stacks/load/files.ts";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { RULES } from "../rules/index.ts";
import { policyOf } from "./policy.ts";

/**
 * Serves the rules as an ordinary CrossGuard pack: `pulumi preview --policy-pack policies`.
 * The root whose environments count is FAIRWAY_ROOT, else the nearest folder around `cwd` that has environments.
 */
export function servePack(env: Readonly<NodeJS.ProcessEnv>, cwd: string): void {
  const checkout = checkoutRoot();
  const settings = readSettings(
    resolve(env["FAIRWAY_ROOT"] ?? rootAround(cwd)),
    join(checkout, "policies/levels.yaml"),
  );
  // The SDK reads the pack's version from the package.json of the current folder.
  process.chdir(checkout);
  new PolicyPack(PACK, {
    displayName: "Fairway",
    enforcementLevel: "mandatory",
    policies: RULES.map((rule) => policyOf(rule, settings)),
  });
}

/** What is known of the environment that a URN's stack is in. */
function readSettings(root: string, levels: string): (urn: string) => JudgeSettings {
  const { environments, problems } = readEnvironments(new Root(root));
  if (problems.length > 0) throw new FairwayError(problems);
  const organisation = readLevels(levels);
  const known = new Map(
    Object.values(environments).map((one) => [one.name, settingsOf(one, organisation)]),
  );
  return (urn) => {
    const stack = stackOf(urn);
    const { environment } = splitStack(stack);
    return (
      known.get(environment) ??
      fail("FW4007", `stack ${stack} names no environment of environments/`, {
        hint: `name it <service>.<environment>; there are ${[...known.keys()].join(", ")}`,
      })
    );
  };
}

function rootAround(folder: string): string {
  if (existsSync(join(folder, "environments")) || dirname(folder) === folder) return folder;
  return rootAround(dirname(folder));
}
