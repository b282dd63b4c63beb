import path from "node:path";
import { exitOf, onceEach } from "../../contract/problem.ts";
import type { Workspace } from "../../contract/workspace.ts";
import { builtFingerprint, remembered } from "../../load/cache.ts";
import { loadWorkspace } from "../../load/workspace.ts";
import { locateProblem } from "../../plan/locate.ts";
import { planWorkspace } from "../../plan/workspace.ts";
import { levelFaults, remarksOf } from "../planning.ts";
import { count } from "../../report/style.ts";
import type { Input, Run } from "../command.ts";
import { checkProperties, propertiesOf } from "../properties.ts";
import { selectEnvironments, selectServices } from "../select.ts";

/** `fairway validate`: everything wrong at once, in files and in what they mean together. */
export const run: Run = async (context, input) => {
  const cacheDir = path.join(context.root, ".fairway", "cache");
  const properties = propertiesOf(input);
  const workspace = await loadWorkspace(context.root, { cacheDir, properties });
  checkProperties(workspace, properties);
  const environments = selectEnvironments(workspace, input, "all");
  const services = servicesOf(workspace, input);
  const chosen = new Set(services.map((name) => workspace.services[name]!.folder));
  const partial = services.length < Object.keys(workspace.services).length;
  const ofChosen = (file: string | undefined): boolean =>
    !partial ||
    file === undefined ||
    !file.startsWith("services/") ||
    [...chosen].some((folder) => file.startsWith(`${folder}/`));
  const problems = [...workspace.problems, ...levelFaults(workspace)].filter((p) =>
    ofChosen(p.file),
  );
  const today = context.now().toISOString().slice(0, 10);
  const planned =
    workspace.problems.length > 0
      ? { problems: [], notes: [] }
      : remembered(
          cacheDir,
          "validate.json",
          keyOf(workspace, environments, services, [today]),
          () => {
            const { plans, problems } = planWorkspace(workspace, { environments, services, today });
            return { problems, notes: onceEach(plans.flatMap(remarksOf)) };
          },
        );
  const all = [...problems, ...planned.problems];
  const notes = [...workspace.notes, ...planned.notes];
  const data = { services, environments, problems: all.length, notes: notes.length };
  const what = `${count(services.length, "service")} in ${count(environments.length, "environment")}`;
  return {
    exit: exitOf(all),
    data,
    text: all.length > 0 ? "" : `${what}: valid`,
    problems: all,
    // Finding a place reads a file again: only for what is told.
    notes: (partial || context.json ? notes : summarized(notes)).map((note) =>
      locateProblem(note, workspace.positions),
    ),
  };
};

/** The services that were named; all, where a name may be that of a descriptor that did not load. */
function servicesOf(workspace: Workspace, input: Input): string[] {
  const known = Object.keys(workspace.services);
  try {
    return selectServices(known, input, "all");
  } catch (error) {
    if (workspace.problems.length === 0) throw error;
    return known;
  }
}

/** What the plans depend on: what was read, what was asked, and the code; nothing is kept where one of them is not known. */
function keyOf(workspace: Workspace, ...asked: readonly (readonly string[])[]): string | undefined {
  const fingerprint = builtFingerprint();
  return workspace.digest && fingerprint && JSON.stringify([fingerprint, workspace.digest, asked]);
}

/** Notes of one code are told once where there are many. */
function summarized<T extends { readonly code: string; readonly message: string }>(
  notes: readonly T[],
): T[] {
  return [...groupBy(notes).values()].flatMap((group) =>
    group.length <= 5
      ? group
      : [
          ...group.slice(0, 4),
          { ...group[4]!, message: `${group[4]!.message} (and ${group.length - 5} more like it)` },
        ],
  );
}

function groupBy<T extends { readonly code: string }>(notes: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const note of notes) groups.set(note.code, [...(groups.get(note.code) ?? []), note]);
  return groups;
}
