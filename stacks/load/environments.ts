import { ENVIRONMENT_DEFAULTS } from "../contract/environment-defaults.ts";
import { environmentSchema, type Environment } from "../contract/environment.ts";
import type { Positions } from "../contract/origin.ts";
import { splitPath } from "../contract/path.ts";
import { problem, type Problem } from "../contract/problem.ts";
import { RESERVED } from "./check.ts";
import { judge, judgedFile, readYaml, wrongKind } from "./document.ts";
import type { Root } from "./files.ts";
import type { Found } from "./found.ts";
import { valueAt } from "./issues.ts";
import { listOf } from "./suggest.ts";

/** Promotion order of well-known names; others follow in the order of the alphabet. */
const ORDER = ["local", "dev", "staging", "prod"];

/** Every file of `environments/`, by name in promotion order. */
export function readEnvironments(
  root: Root,
): Found & { readonly environments: Record<string, Environment> } {
  const found: Found = { problems: [], notes: [] };
  const environments: Environment[] = [];
  let files = 0;
  for (const { name, kind } of root.list("environments", found.problems)) {
    if (kind !== "file" || !/\.ya?ml$/.test(name)) continue;
    files++;
    const environment = readEnvironment(root, `environments/${name}`, found);
    if (environment) environments.push(environment);
  }
  if (files === 0)
    found.problems.push(
      problem("FW2001", "no environments: expected at least one environments/<name>.yaml", {
        hint: "add environments/local.yaml",
      }),
    );
  // Names that are not listed (index -1) go last.
  const place = ({ name }: Environment) =>
    (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);
  environments.sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
  return {
    ...found,
    environments: Object.fromEntries(
      environments.map((environment) => [environment.name, environment]),
    ),
  };
}

function readEnvironment(root: Root, file: string, found: Found): Environment | undefined {
  const yaml = readYaml(root, file, found.problems);
  if (!yaml) return undefined;
  const wrong = wrongKind(yaml, "Environment");
  if (wrong) {
    found.problems.push(wrong);
    return undefined;
  }
  const document = judge(environmentSchema, judgedFile(yaml), [yaml], found);
  if (!document) return undefined;
  const { name } = document.metadata;
  if (file !== `environments/${name}.yaml`)
    found.problems.push(
      problem("FW2002", `the environment is named ${name} in a file named ${file.slice(13)}`, {
        ...yaml.at(["metadata", "name"]),
        path: "metadata.name",
        hint: `name the file ${name}.yaml`,
      }),
    );
  if (RESERVED.has(name))
    found.problems.push(
      problem("FW1204", `the name ${name} is reserved: not allowed are ${listOf([...RESERVED])}`, {
        ...yaml.at(["metadata", "name"]),
        path: "metadata.name",
        hint: "choose another name",
      }),
    );
  const { min, max } = document.spec.replicas;
  if (min > max)
    found.problems.push(
      problem("FW2003", `replicas.min is ${min}, above replicas.max, which is ${max}`, {
        ...yaml.at(["spec", "replicas", "min"]),
        path: "spec.replicas.min",
        hint: `write a min of at most ${max}`,
      }),
    );
  const unsaid = Object.keys(ENVIRONMENT_DEFAULTS).filter(
    (at) => valueAt(yaml.value, ["spec", ...splitPath(at)]) === undefined,
  );
  return { ...document.spec, name, file, unsaid };
}

/** Environments on the embedded control plane, which holds one. */
export function clusterProblems(
  environments: readonly Environment[],
  positions: Positions,
): Problem[] {
  const [first, ...others] = environments.filter(({ cluster }) => "embedded" in cluster);
  return others.map(({ name, file }) =>
    problem(
      "FW2005",
      `${first!.name} and ${name} are both on the embedded control plane: it holds one environment`,
      {
        ...(positions.at(file, "spec.cluster.embedded") ?? { file }),
        path: "spec.cluster.embedded",
        hint: "delete one of them, or write cluster: {context: <another cluster>}",
      },
    ),
  );
}
