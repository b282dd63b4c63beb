import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { FairwayError, fail, problem } from "../../contract/problem.ts";
import { readScoreFile } from "../../load/score-file.ts";
import { toRequest } from "../../plan/to-request.ts";
import type { Run } from "../command.ts";

/** `fairway score import FILE…`: Score documents as ServiceRequests; what these cannot say is told. */
export const run: Run = async (context, { operands, flags }) => {
  const read = operands.map((file) => {
    if (!existsSync(file))
      fail("FW7047", `there is no file ${file}`, { hint: "name a Score document" });
    return { file, ...readScoreFile(file) };
  });
  const problems = read.flatMap((one) => one.problems);
  if (problems.length > 0) throw new FairwayError(problems);
  const made = read.flatMap(({ file, service }) =>
    service ? [{ file, service, ...toRequest(service) }] : [],
  );
  const target = (name: string): string => path.posix.join("services", name, "service.yaml");
  if (flags["write"] === true)
    for (const { service, document } of made) {
      const written = path.join(context.root, target(service.name));
      if (existsSync(path.dirname(written)))
        fail("FW7013", `services/${service.name} exists`, {
          hint: "move it away, or leave --write out and take what is printed",
        });
      mkdirSync(path.dirname(written), { recursive: true });
      writeFileSync(written, yamlOf(document));
    }
  return {
    exit: 0,
    data: {
      documents: made.map(({ file, service, document }) => ({
        service: service.name,
        from: file,
        file: flags["write"] === true ? target(service.name) : null,
        document,
      })),
    },
    text:
      flags["write"] === true
        ? made.map(({ service }) => `wrote ${target(service.name)}`).join("\n")
        : made.map(({ document }) => yamlOf(document).trimEnd()).join("\n---\n"),
    notes: made.flatMap(({ file, notes }) =>
      notes.map((note) => problem("FW7043", note.message, { file, path: note.path })),
    ),
  };
};

const yamlOf = (document: object): string => stringify(document, { lineWidth: 0 });
