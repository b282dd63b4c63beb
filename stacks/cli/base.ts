import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Environment } from "../contract/environment.ts";
import { stackBase } from "../contract/names.ts";
import { fail, FairwayError, problem, type Problem } from "../contract/problem.ts";
import type { Plan } from "../contract/plan.ts";
import type { Workspace } from "../contract/workspace.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { affected } from "../plan/changes.ts";
import { directoryOf } from "../plan/directory.ts";
import { planWorkspace } from "../plan/workspace.ts";
import type { Context } from "./command.ts";

const run = promisify(execFile);
/** Folders whose files say what services are; a change elsewhere (components, policies, tools) touches all of them. */
const DATA = ["services", "environments", ".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
const IRRELEVANT = /^(docs\/|.*\.md$)/;

/** What a change starts from. */
export interface Base {
  /** Where the change branched off. */
  readonly commit: string;
  /** Other files than descriptors and environments changed, too. */
  readonly codeChanged: boolean;
  /** What was planned then, by the present code; absent where that cannot be told: it was broken, or there was nothing. */
  readonly before?: { readonly environment: Environment; readonly plans: readonly Plan[] };
  /** Why `before` is absent. */
  readonly because?: string;
}

/**
 * What the files were at the merge base of a Git revision.
 * @throws FairwayError FW7014 where git cannot read it.
 */
export async function baseOf(
  context: Context,
  environment: string,
  revision: string,
): Promise<Base> {
  const git = async (...args: string[]): Promise<string> => {
    try {
      return (await run("git", ["-C", context.root, ...args], { maxBuffer: 64 * 2 ** 20 })).stdout;
    } catch (error) {
      return fail(
        "FW7014",
        `git cannot read \`${revision}\`: ${String((error as { stderr?: string }).stderr ?? error)
          .trim()
          .split("\n")
          .at(-1)}`,
        {
          hint: "name a revision that this clone holds; in CI check out with the whole history",
        },
      );
    }
  };
  const commit = (await git("merge-base", revision, "HEAD")).trim();
  const listed = await Promise.all([
    git("diff", "--name-only", "--relative", commit),
    git("ls-files", "--others", "--exclude-standard"),
  ]);
  const changed = listed
    .flatMap((text) => text.split("\n"))
    .filter((file) => file !== "" && !IRRELEVANT.test(file));
  const codeChanged = changed.some(
    (file) => !DATA.some((folder) => file === folder || file.startsWith(`${folder}/`)),
  );
  const folder = await mkdtemp(path.join(tmpdir(), "fairway-base-"));
  try {
    const present = (await git("ls-tree", "--name-only", commit, ...DATA))
      .split("\n")
      .filter(Boolean);
    const absent = { commit, codeChanged, because: `${environment} did not exist at ${revision}` };
    if (present.length === 0) return absent;
    const tar = path.join(folder, "base.tar");
    await git("archive", "--format=tar", `--output=${tar}`, commit, ...present);
    await run("tar", ["-xf", tar, "-C", folder]);
    const workspace = await loadWorkspace(folder);
    const found = workspace.environments[environment];
    const [wrong] = workspace.problems;
    if (wrong) {
      const because = `at ${revision} the descriptors of ${environment} could not be read: ${wrong.code} at ${wrong.file}:${wrong.line}`;
      return { commit, codeChanged, because };
    }
    if (!found) return absent;
    const { plans } = planWorkspace(workspace, {
      environments: [environment],
      today: context.now().toISOString().slice(0, 10),
    });
    return { commit, codeChanged, before: { environment: found, plans } };
  } catch (error) {
    if (FairwayError.is(error)) throw error;
    return fail("FW7014", `the revision \`${revision}\` cannot be read: ${String(error)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** FW4033 where a base does not tell what was planned then. */
export const nothingToCompare = ({ because }: Base): Problem[] =>
  because === undefined ? [] : [problem("FW4033", `nothing is compared: ${because}`)];

/** The plans that differ from those of a base: what a change touches. All of them where the base says nothing about it. */
export function affectedSince(
  { codeChanged, before }: Base,
  plans: readonly Plan[],
): readonly Plan[] {
  return codeChanged || !before ? plans : differing(before.plans, plans);
}

/** Stacks of services that a base had and that nothing describes any more, under whatever name. */
export function removedSince(
  { before }: Base,
  workspace: Workspace,
  environment: string,
): string[] {
  const { services } = directoryOf(workspace, environment);
  const present = new Set(Object.values(services).map(({ stack }) => stack));
  return (before?.plans ?? [])
    .filter(({ kind, stack }) => kind === "service" && !present.has(stack))
    .map(({ stack }) => stack);
}

/**
 * What is told of a stack that nothing describes any more.
 * @param described Names of services: a stack that is called like one is named in full.
 */
export const leftBehind = (
  stack: string,
  { name: environment, stateful }: Environment,
  described: readonly string[],
): Problem => {
  const base = stackBase(stack);
  const named = described.includes(base) ? stack : base;
  const command = stateful === "protect" ? "retire" : "destroy";
  return problem("FW5019", `${stack} loses its descriptor, and its stack stays`, {
    hint: `when nobody needs it any more: \`fairway ${command} ${named} --env ${environment} --yes\``,
  });
};

/** The plans that are not the same among others. */
export function differing(before: readonly Plan[], plans: readonly Plan[]): readonly Plan[] {
  const touched = new Set(affected(before, plans).map(({ stack }) => stack));
  return plans.filter((plan) => touched.has(plan.stack));
}
