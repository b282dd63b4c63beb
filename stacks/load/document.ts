import type { z } from "zod";
import { joinPath, type Path } from "../contract/path.ts";
import { problem, type Problem } from "../contract/problem.ts";
import { SCORE_API_VERSION } from "../contract/score.ts";
import { API_VERSION } from "../contract/service-request.ts";
import type { Root } from "./files.ts";
import type { Found } from "./found.ts";
import { isPrivate, problemsOf, valueAt, type Judged } from "./issues.ts";
import { closest } from "./suggest.ts";
import { parseYaml, type Yaml } from "./yaml.ts";

/** A file read as YAML; undefined where there is nothing to go on with, and then there are problems. */
export function readYaml(root: Root, file: string, problems: Problem[]): Yaml | undefined {
  const read = root.text(file);
  if ("problem" in read) {
    if (read.problem !== "absent") problems.push(read.problem);
    return undefined;
  }
  const yaml = parseYaml(file, read.text);
  problems.push(...yaml.problems);
  return yaml.value === undefined ? undefined : yaml;
}

/** The name that an unusable document gives its service, so that those who depend on it are not reported too. */
export function claimedName(folder: string, yaml: Yaml | undefined): string {
  const name = valueAt(yaml?.value, ["metadata", "name"]);
  return typeof name === "string" ? name : folder.slice(folder.lastIndexOf("/") + 1);
}

/** What a schema says of a value: the parsed value, or why not. Doubtful scalars are judged with it. */
export function judge<S extends z.ZodType>(
  schema: S,
  judged: Judged,
  doubtfulIn: readonly Yaml[],
  found: Found,
): z.infer<S> | undefined {
  const result = schema.safeParse(judged.value);
  const issues = result.error?.issues ?? [];
  const said = problemsOf(issues, schema, judged);
  found.problems.push(...said);
  for (const yaml of doubtfulIn) doubts(yaml, said, found);
  return result.success ? result.data : undefined;
}

/** A judged value that comes from one file as it stands. */
export function judgedFile(yaml: Yaml): Judged {
  return {
    value: yaml.value,
    refused: yaml.elsewhere,
    at: (path, place) => ({ ...yaml.at(path, place), path: joinPath(path) }),
    written: (path) => yaml.written(path),
  };
}

/** Scalars that other readers take for something else, where the schema had nothing to say of them. */
function doubts(yaml: Yaml, said: readonly Problem[], found: Found): void {
  for (const { path, kind, written } of yaml.doubtful) {
    const at = { ...yaml.at(path), path: joinPath(path) };
    if (said.some((known) => known.file === at.file && known.path === at.path)) continue;
    if (kind === "boolean")
      found.notes.push(
        problem("FW1012", `${written} is text here, and true or false to older readers of YAML`, {
          ...at,
          hint: `write "${written}" in quotes`,
        }),
      );
    else {
      const number = isPrivate(path) ? "this number" : written;
      found.problems.push(
        problem(
          "FW1013",
          kind === "octal"
            ? `${number} is decimal here, and octal to older readers of YAML`
            : `${number} is too large to be kept exactly as a number`,
          {
            ...at,
            hint:
              number !== written
                ? "write it in quotes"
                : kind === "octal"
                  ? `write ${written.replace(/^([-+]?)0+(?=\d)/, "$1")}, or "${written}" in quotes for text`
                  : `write "${written}" in quotes`,
          },
        ),
      );
    }
  }
}

/** Kinds of documents, and the file that each stands in. */
const KINDS = {
  ServiceRequest: { apiVersion: API_VERSION, kind: "ServiceRequest" },
  Environment: { apiVersion: API_VERSION, kind: "Environment" },
  Score: { apiVersion: SCORE_API_VERSION, kind: undefined },
} as const;

/** Whether a document is of another kind than its place says; then nothing else is worth saying of it. */
export function wrongKind(yaml: Yaml, expected: keyof typeof KINDS): Problem | undefined {
  const { value } = yaml;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  const wanted = KINDS[expected];
  const say = (path: Path, message: string, hint: string) =>
    problem("FW1105", message, { ...yaml.at(path), path: joinPath(path), hint });
  if (expected !== "Score" && apiVersion === SCORE_API_VERSION)
    return say(
      ["apiVersion"],
      `this is a Score document: expected ${wanted.apiVersion}`,
      "name the file score.yaml",
    );
  if (expected === "Score" && kind === "ServiceRequest" && apiVersion !== SCORE_API_VERSION)
    return say(["kind"], "this is a ServiceRequest: expected Score", "name the file service.yaml");
  if (typeof apiVersion === "string" && apiVersion !== wanted.apiVersion)
    return say(
      ["apiVersion"],
      `apiVersion is ${JSON.stringify(apiVersion.slice(0, 60))}: expected ${wanted.apiVersion}`,
      `write apiVersion: ${wanted.apiVersion}`,
    );
  if (wanted.kind !== undefined && typeof kind === "string" && kind !== wanted.kind)
    return say(
      ["kind"],
      `kind is ${JSON.stringify(kind.slice(0, 60))}: expected ${wanted.kind}`,
      closest(kind, [wanted.kind]) ? `did you mean ${wanted.kind}?` : `write kind: ${wanted.kind}`,
    );
  return undefined;
}
