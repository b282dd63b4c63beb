import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { fail, FairwayError } from "../contract/problem.ts";
import type { Plan } from "../contract/plan.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { affected } from "../plan/changes.ts";
import { planWorkspace } from "../plan/workspace.ts";
import type { Context } from "./command.ts";

const run = promisify(execFile);
/** Folders whose files say what services are; a change elsewhere (components, policies, tools) touches all of them. */
const DATA = ["services", "environments", ".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
const IRRELEVANT = /^(docs\/|.*\.md$)/;

/** What a change touches. */
export interface Touched {
  /** Plans that differ from those of the revision. */
  readonly plans: readonly Plan[];
  /** Stacks of services whose descriptors are gone. */
  readonly removed: readonly string[];
}

/**
 * What differs from a Git revision: in files that say what services are, by their plans; a change elsewhere, or a
 * revision that does not load, touches everything.
 * @throws FairwayError FW7014 where Git cannot read the revision.
 */
export async function affectedSince(
  context: Context,
  environment: string,
  revision: string,
  plans: readonly Plan[],
  services: readonly string[],
): Promise<Touched> {
  const git = gitIn(context.root, revision);
  const common = (await git("merge-base", revision, "HEAD")).trim();
  const listed = await Promise.all([
    git("diff", "--name-only", "--relative", common),
    git("ls-files", "--others", "--exclude-standard"),
  ]);
  const changed = listed
    .flatMap((text) => text.split("\n"))
    .filter((file) => file !== "" && !IRRELEVANT.test(file));
  const base = await plansAt(git, common, environment);
  const removed = (base ?? [])
    .filter(({ kind, name }) => kind === "service" && !services.includes(name))
    .map(({ stack }) => stack);
  const isData = (file: string): boolean =>
    DATA.some((folder) => file === folder || file.startsWith(`${folder}/`));
  if (!base || !changed.every(isData)) return { plans, removed };
  const touched = new Set(affected(base, plans).map(({ stack }) => stack));
  return { plans: plans.filter(({ stack }) => touched.has(stack)), removed };
}

type Git = (...args: string[]) => Promise<string>;

const gitIn =
  (root: string, revision: string): Git =>
  async (...args) => {
    try {
      return (await run("git", ["-C", root, ...args], { maxBuffer: 64 * 2 ** 20 })).stdout;
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

/** Plans of an environment at a commit; undefined where it says nothing of them: it is broken, or had no such environment. */
async function plansAt(
  git: Git,
  commit: string,
  environment: string,
): Promise<readonly Plan[] | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), "fairway-base-"));
  try {
    const present = (await git("ls-tree", "--name-only", commit, ...DATA))
      .split("\n")
      .filter(Boolean);
    if (present.length === 0) return undefined;
    const tar = path.join(folder, "base.tar");
    await git("archive", "--format=tar", `--output=${tar}`, commit, ...present);
    await run("tar", ["-xf", tar, "-C", folder]);
    const before = await loadWorkspace(folder);
    if (before.problems.length > 0 || !(environment in before.environments)) return undefined;
    return planWorkspace(before, { environments: [environment] }).plans;
  } catch (error) {
    if (FairwayError.is(error)) throw error;
    return fail("FW7014", `the revision ${commit} cannot be read: ${String(error)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
