import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { FairwayError, type Problem } from "../../contract/problem.ts";
import {
  environmentFile,
  makeRoot,
  removeRoots,
  requestFile,
  scoreFile,
} from "../../load/root.fixture.ts";
import { contextOf, input } from "../testing.ts";
import { run } from "./score-import.ts";

afterEach(removeRoots);

const rootWith = (files: Readonly<Record<string, string>>): string =>
  makeRoot({
    "environments/test.yaml": environmentFile("test"),
    "services/odd/service.yaml": requestFile("  type: worker\n", "odd"),
    ...files,
  });

/** `CODE file:line:column message [hint]`, the file below the root. */
const said = (root: string, problems: readonly Problem[] = []): string[] =>
  problems.map(
    ({ code, file = "", line, column, message, hint }) =>
      `${code} ${path.relative(root, file)}:${line}:${column} ${message}${hint === undefined ? "" : ` [${hint}]`}`,
  );

/** What an import of files of a root is refused with. */
async function refused(
  root: string,
  files: readonly string[],
  flags: Record<string, boolean> = { write: true },
): Promise<string[]> {
  try {
    await run(
      contextOf(root),
      input(
        files.map((file) => path.join(root, file)),
        flags,
      ),
    );
  } catch (error) {
    if (!FairwayError.is(error)) throw error;
    return said(root, error.problems);
  }
  return [];
}

test("documents are written, with notes at their files and lines", async () => {
  const root = rootWith({
    "in/one/score.yaml": scoreFile("    command: [run]\n", "one"),
    "in/two/score.yaml": scoreFile('    variables:\n      "A B": x\n      YES: yes\n', "two"),
  });
  const files = ["one", "two"].map((name) => path.join(root, "in", name, "score.yaml"));
  const { text, notes } = await run(contextOf(root), input(files, { write: true }));
  expect(text).toBe("wrote services/one/service.yaml\nwrote services/two/service.yaml");
  expect(readFileSync(path.join(root, "services/two/service.yaml"), "utf8")).toContain("YES");
  expect(said(root, notes)).toEqual([
    "FW7043 in/one/score.yaml:5:3 the container app is named main: releases name it so",
    'FW1012 in/two/score.yaml:9:12 yes is text here, and true or false to older readers of YAML [write "yes" in quotes]',
    "FW7043 in/two/score.yaml:5:3 the container app is named main: releases name it so",
    "FW7043 in/two/score.yaml:8:14 a variable of a ServiceRequest has no spaces in its name: A B is left out",
  ]);
});

test("nothing is written where one of the documents cannot be, and all of them are told", async () => {
  const root = rootWith({
    "a.yaml": scoreFile("", "newa"),
    "b.yaml": scoreFile("", "odd"),
    "c.yaml": scoreFile("", "newa"),
  });
  expect(await refused(root, ["a.yaml", "b.yaml", "c.yaml"])).toEqual([
    "FW7013 b.yaml:3:9 services/odd exists [move it away, or leave --write out and take what is printed]",
    `FW1203 c.yaml:3:9 the name newa is taken by ${path.join(root, "a.yaml")} [rename one of the two]`,
  ]);
  expect(existsSync(path.join(root, "services/newa"))).toBe(false);
  expect(await refused(root, ["a.yaml", "b.yaml", "c.yaml"], {})).toEqual([]);
});

test("what is wrong is told at the file that was named, of all files at once", async () => {
  const root = rootWith({
    "one/score.yaml": scoreFile("    comand: []\n", "one"),
    "two/score.yaml": scoreFile("    image2: x\n", "two"),
    "twice.yaml": `${scoreFile("", "twice")}resources:
  more: { type: horizontal-pod-autoscaler }
  again: { type: horizontal-pod-autoscaler }
`,
    "late.yaml": `apiVersion: score.dev/v1b1
metadata:
  name: late
  annotations:
    fairway.dev/consents: "delete db until 2026-02-31: no longer needed"
containers: { main: { image: . } }
`,
  });
  const files = ["one/score.yaml", "two/score.yaml", "none.yaml", "twice.yaml", "late.yaml"];
  const found = await refused(root, files, {});
  expect(found.map((line) => line.replace(/(unknown field \w+).*/, "$1"))).toEqual([
    "FW1101 one/score.yaml:7:5 unknown field comand",
    "FW1101 two/score.yaml:7:5 unknown field image2",
    `FW7047 none.yaml:undefined:undefined there is no such file [name a Score document]`,
    "FW3014 twice.yaml:9:3 more says already how twice is scaled [keep one of the two]",
    'FW1104 late.yaml:5:5 as a ServiceRequest: until is the text "2026-02-31": expected a date such as 2026-12-31',
  ]);
});

test("a ServiceRequest needs no import", async () => {
  const root = rootWith({});
  expect(await refused(root, ["services/odd/service.yaml"])).toEqual([
    "FW1105 services/odd/service.yaml:2:7 this is a ServiceRequest already [keep it as it is, in services/<name>/service.yaml]",
  ]);
});
