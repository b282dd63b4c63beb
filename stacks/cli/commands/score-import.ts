import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { FairwayError, problem, type Problem } from "../../contract/problem.ts";
import type { Service } from "../../contract/service.ts";
import type { ServiceRequest } from "../../contract/service-request.ts";
import { sourceOf } from "../../contract/source.ts";
import { readScoreFile, refusedOf, type ScoreFileRead } from "../../load/score-file.ts";
import { locateProblem } from "../../plan/locate.ts";
import { toRequest } from "../../plan/to-request.ts";
import type { Run } from "../command.ts";
import { writing } from "../write.ts";

/** `fairway score import FILE…`: Score documents as ServiceRequests; what these cannot say is told. Where something is wrong nothing is written. */
export const run: Run = async (context, { operands, flags }) => {
  const write = flags["write"] === true;
  const imported = operands.map(importOf);
  const made = imported.flatMap((one) => one.made ?? []);
  const problems = [
    ...imported.flatMap((one) => one.problems),
    ...(write ? takenTargets(context.root, made) : []),
  ];
  if (problems.length > 0) throw new FairwayError(problems);
  if (write)
    for (const { service, document } of made) {
      const file = targetOf(service);
      const written = path.join(context.root, file);
      writing(file, () => {
        mkdirSync(path.dirname(written), { recursive: true });
        writeFileSync(written, yamlOf(document));
      });
    }
  return {
    exit: 0,
    data: {
      documents: made.map(({ service, document }) => ({
        service: service.name,
        from: service.file,
        file: write ? targetOf(service) : null,
        document,
      })),
    },
    text: write
      ? made.map(({ service }) => `wrote ${targetOf(service)}`).join("\n")
      : made.map(({ document }) => yamlOf(document).trimEnd()).join("\n---\n"),
    notes: made.flatMap(({ notes }) => notes),
  };
};

/** A Score document in the other form. */
interface Made {
  readonly service: Service;
  readonly positions: ScoreFileRead["positions"];
  readonly document: ServiceRequest;
  readonly notes: readonly Problem[];
}

/** One file of the command line, or everything that is wrong with it. */
function importOf(file: string): { readonly made?: Made; readonly problems: readonly Problem[] } {
  if (!existsSync(file)) {
    const hint = "name a Score document";
    return { problems: [problem("FW7047", "there is no such file", { file, hint })] };
  }
  const { service, positions, problems, notes } = readScoreFile(file);
  if (!service || problems.length > 0) return { problems };
  try {
    const { document, notes: unsaid } = toRequest(service);
    const told = unsaid.map(({ path: at, message }) =>
      locateProblem(problem("FW7043", message, sourceOf(service, at)), positions),
    );
    return {
      made: { service, positions, document, notes: [...notes, ...told] },
      problems: refusedOf(document, service, positions),
    };
  } catch (error) {
    if (!FairwayError.is(error)) throw error;
    return { problems: error.problems.map((found) => locateProblem(found, positions)) };
  }
}

/** What cannot be written because something has its place: a folder that is there, or a document before it. */
function takenTargets(root: string, made: readonly Made[]): Problem[] {
  const files = new Map<string, string>();
  return made.flatMap(({ service, positions }) => {
    const { name, file } = service;
    const say = (code: "FW1203" | "FW7013", message: string, hint: string): Problem[] => [
      locateProblem(problem(code, message, { ...sourceOf(service, "name"), hint }), positions),
    ];
    const other = files.get(name);
    if (other !== undefined)
      return say("FW1203", `the name ${name} is taken by ${other}`, "rename one of the two");
    files.set(name, file);
    return existsSync(path.join(root, path.dirname(targetOf(service))))
      ? say(
          "FW7013",
          `services/${name} exists`,
          "move it away, or leave --write out and take what is printed",
        )
      : [];
  });
}

const targetOf = ({ name }: Service): string => path.posix.join("services", name, "service.yaml");

const yamlOf = (document: object): string => stringify(document, { lineWidth: 0 });
