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

/** The plans that differ from those of a Git revision: what a change touches. */
export async function affectedSince(
  context: Context,
  environment: string,
  revision: string,
  plans: readonly Plan[],
): Promise<readonly Plan[]> {
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
  const common = (await git("merge-base", revision, "HEAD")).trim();
  const listed = await Promise.all([
    git("diff", "--name-only", "--relative", common),
    git("ls-files", "--others", "--exclude-standard"),
  ]);
  const changed = listed
    .flatMap((text) => text.split("\n"))
    .filter((file) => file !== "" && !IRRELEVANT.test(file));
  if (
    changed.some((file) => !DATA.some((folder) => file === folder || file.startsWith(`${folder}/`)))
  )
    return plans;
  const folder = await mkdtemp(path.join(tmpdir(), "fairway-base-"));
  try {
    const present = (await git("ls-tree", "--name-only", common, ...DATA))
      .split("\n")
      .filter(Boolean);
    if (present.length === 0) return plans;
    const tar = path.join(folder, "base.tar");
    await git("archive", "--format=tar", `--output=${tar}`, common, ...present);
    await run("tar", ["-xf", tar, "-C", folder]);
    const before = await loadWorkspace(folder);
    // A base that is broken says nothing about what changes: everything is shown.
    if (before.problems.length > 0 || !(environment in before.environments)) return plans;
    const base = planWorkspace(before, { environments: [environment] }).plans;
    const touched = new Set(affected(base, plans).map(({ stack }) => stack));
    return plans.filter((plan) => touched.has(plan.stack));
  } catch (error) {
    if (FairwayError.is(error)) throw error;
    return fail("FW7014", `the revision \`${revision}\` cannot be read: ${String(error)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
