import { cloudStack, platformStack, splitStack } from "../contract/names.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { Workspace } from "../contract/workspace.ts";
import { openBackend } from "../state/backend.ts";
import { stacksIn } from "../state/checkpoint.ts";

/**
 * Stacks whose environment has no file any more, sorted: of those given, and of those in every folder in which the root
 * keeps state.
 */
export function strays(
  { root, environments }: Pick<Workspace, "root" | "environments">,
  stacks: readonly string[] = [],
): string[] {
  const own = openBackend(root, { state: {} }).folder;
  const folders = Object.values(environments).map((each) => openBackend(root, each).folder);
  const kept = [...new Set([own, ...folders])].flatMap((folder) =>
    folder === undefined ? [] : stacksIn(folder),
  );
  return [...new Set([...stacks, ...kept])]
    .filter((stack) => !Object.hasOwn(environments, splitStack(stack).environment))
    .sort();
}

/** What is wrong with an environment of which only stacks are left, and how to end them. */
export function strayProblem(environment: string, stacks: readonly string[]): Problem {
  const file = `environments/${environment}.yaml`;
  return problem(
    "FW7007",
    `there is no environment \`${environment}\` any more, and these stacks of it are left: ${stacks.join(", ")}`,
    {
      hint: `find its file with \`git log -- ${file}\`, bring it back with \`git checkout <commit>^ -- ${file}\`, then run \`fairway destroy --all --env ${environment} --yes\``,
    },
  );
}

/** The same for each environment of stray stacks; one whose platform is all that is left was ended as far as `destroy` goes. */
export function strayProblems(stacks: readonly string[]): Problem[] {
  const environments = [...new Set(stacks.map((stack) => splitStack(stack).environment))];
  return environments.flatMap((environment) => {
    const left = stacks.filter((stack) => splitStack(stack).environment === environment);
    const stays = [platformStack(environment), cloudStack(environment)];
    return left.some((stack) => !stays.includes(stack)) ? [strayProblem(environment, left)] : [];
  });
}
