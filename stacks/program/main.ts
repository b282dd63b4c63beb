import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { promisify } from "node:util";
import {
  Config,
  type Output,
  RunError,
  getOrganization,
  getProject,
  getStack,
  runtime,
} from "@pulumi/pulumi";
import type { Environment } from "../contract/environment.ts";
import { splitStack } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import type { Json } from "../contract/value.ts";
import { FairwayError, type Problem, fail } from "../contract/problem.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { planWorkspace } from "../plan/workspace.ts";
import { reachCluster } from "../providers/kubernetes/reach.ts";
import { ORGANIZATION, openBackend, remoteOf } from "../state/backend.ts";
import { readKey } from "../state/key.ts";
import { memoryOf } from "./memory.ts";
import { program } from "./program.ts";

/**
 * The standard way: what `pulumi preview --stack <service>.<environment>` runs, with no code of our own engine.
 * The root is the configuration `fairway:root`, else the variable FAIRWAY_ROOT, else the project's folder; the key is
 * the variable FAIRWAY_KEY, else `<root>/.fairway/key`.
 * @throws RunError with every problem of the descriptors, as the command line prints them.
 */
export async function main(): Promise<Record<string, Output<string>>> {
  try {
    const root = resolve(
      new Config().get("root") ?? process.env["FAIRWAY_ROOT"] ?? runtime.getRootDirectory(),
    );
    const { plan, environment } = await findPlan(root, getStack());
    // What happens to be the current context never decides what is deployed to.
    if ("eks" in environment.cluster) reachCluster(environment, process.env, homedir());
    const [sharedStacks, outputs] = await Promise.all([stacksWithState(plan), ownOutputs()]);
    return await program(plan, {
      key: readKey(root, process.env["FAIRWAY_KEY"], remoteOf(openBackend(root, environment)))
        .bytes,
      sharedStacks,
      ...memoryOf(outputs),
      kubernetes: "context" in environment.cluster ? { context: environment.cluster.context } : {},
    });
  } catch (error) {
    throw FairwayError.is(error) ? told(error.problems) : error;
  }
}

/** Without a stack: it says nothing to a user, and the SDK takes 20 seconds to colour one. */
function told(problems: readonly Problem[]): RunError {
  const error = new RunError(problems.map(line).join("\n"));
  error.stack = "";
  return error;
}

async function findPlan(
  root: string,
  stack: string,
): Promise<{ plan: Plan; environment: Environment }> {
  const workspace = await loadWorkspace(root);
  if (workspace.problems.length > 0) throw new FairwayError(workspace.problems);
  const name = splitStack(stack).environment;
  const environment =
    workspace.environments[name] ??
    fail("FW5090", `stack ${stack} names the environment ${name}, which is not in environments/`, {
      hint: `environments: ${Object.keys(workspace.environments).join(", ")}`,
    });
  const { plans, problems } = planWorkspace(workspace, {
    environments: [name],
    today: new Date().toISOString().slice(0, 10),
  });
  if (problems.length > 0) throw new FairwayError(problems);
  const plan =
    plans.find((candidate) => candidate.stack === stack) ??
    fail("FW5090", `no descriptor makes the stack ${stack}`, {
      hint: `stacks of ${name}: ${plans.map((candidate) => candidate.stack).join(", ")}`,
    });
  if (plan.refusals.length > 0) throw new FairwayError(plan.refusals);
  return { plan, environment };
}

/** Asks the engine's own command line. */
async function ask(args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)("pulumi", ["stack", ...args, "--json"]);
  return JSON.parse(stdout);
}

/** What the last update left: the program is not told it. */
async function ownOutputs(): Promise<Readonly<Record<string, Json>>> {
  const organization = getOrganization();
  const name = organization === ORGANIZATION ? getStack() : `${organization}/${getStack()}`;
  return (await ask(["output", "--stack", name])) as Record<string, Json>;
}

/** Only where the plan reads another stack. */
async function stacksWithState(plan: Plan): Promise<ReadonlySet<string>> {
  if (!plan.items.some((item) => item.component === "shared-reference")) return new Set();
  const organization = getOrganization();
  const args = ["ls", "--project", getProject()];
  if (organization !== ORGANIZATION) args.push("--organization", organization);
  const stacks = (await ask(args)) as readonly { name: string; lastUpdate?: string }[];
  return new Set(
    stacks.filter(({ lastUpdate }) => lastUpdate).map(({ name }) => name.split("/").at(-1)!),
  );
}

function line({ file, line: row, column, code, message, hint }: Problem): string {
  const place = [file, row, column].filter((part) => part !== undefined).join(":");
  return `${place && `${place}: `}${code} ${message}${hint ? ` (${hint})` : ""}`;
}
