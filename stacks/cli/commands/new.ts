import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { LABEL } from "../../contract/names.ts";
import { nearest } from "../../contract/nearest.ts";
import { fail, FairwayError, type Problem } from "../../contract/problem.ts";
import { loadWorkspace } from "../../load/workspace.ts";
import { planWorkspace } from "../../plan/workspace.ts";
import type { Context, Run } from "../command.ts";
import { TEMPLATES } from "../templates.ts";
import { writing } from "../write.ts";

/** `fairway new TEMPLATE NAME`: copies components/templates/TEMPLATE, checks the result in every environment, and takes all of it back where something fails. */
export const run: Run = async (context, { operands, flags }) => {
  const [template = "", name = ""] = operands;
  checkTemplate(template);
  const from = path.join(context.checkout, "components", "templates", template);
  const target = path.join(context.root, "services", name);
  const code = flags["code"] === undefined ? undefined : path.resolve(flags["code"] as string);
  checkName(name, target, context.root);
  if (code !== undefined) writing(code, () => checkCode(code, context.root));
  const before = new Set((await loadWorkspace(context.root)).problems.map(keyOf));
  const fill = filler(name, flags["owner"] as string | undefined);
  const written: string[] = [];
  const undo: (() => void)[] = [];
  try {
    copy(path.join(from, "service"), target, fill, written, undo);
    const fresh = (await problemsWith(context, name)).filter((found) => !before.has(keyOf(found)));
    if (fresh.length > 0) throw new FairwayError(fresh);
    if (code !== undefined)
      writing(code, () => copy(path.join(from, "code"), code, fill, written, undo));
  } catch (error) {
    for (const step of undo.toReversed()) step();
    throw error;
  }
  const files = written.sort().map((file) => path.relative(process.cwd(), file));
  const next = [
    `fairway plan ${name} --env local`,
    `fairway up ${name}`,
    `fairway release ${name} --env dev main=<image>`,
  ];
  return {
    exit: 0,
    data: { service: name, template, files, next },
    text: [
      ...files.map((file) => `wrote ${file}`),
      "",
      "next:",
      ...next.map((line) => `  npx ${line}`),
    ].join("\n"),
  };
};

function checkTemplate(template: string): void {
  if (Object.hasOwn(TEMPLATES, template)) return;
  const names = Object.keys(TEMPLATES);
  const near = nearest(template, names);
  fail("FW7011", `there is no template \`${template}\`: ${names.join(", ")}`, {
    hint: near ? `did you mean \`${near}\`?` : `write \`fairway new ${names[0]} NAME\``,
  });
}

function checkName(name: string, target: string, root: string): void {
  if (!LABEL.test(name))
    fail(
      "FW7012",
      `\`${name}\` cannot name a service: expected 2 to 63 of a-z, 0-9 and -, not - at an end`,
      { hint: "write it in lower case, such as `order-service`" },
    );
  if (isThere(target))
    fail("FW7013", `${path.relative(root, target)} exists`, {
      hint: "choose another name; nothing was written",
    });
}

function checkCode(code: string, root: string): void {
  const inside = path.relative(realOf(path.join(root, "services")), realOf(code));
  if (!inside.startsWith("..") && !path.isAbsolute(inside))
    fail("FW7013", "`--code` is inside services/, which holds only data", {
      hint: "give a folder of the application's own repository",
    });
  if (isThere(code) && (!lstatSync(code).isDirectory() || readdirSync(code).length > 0))
    fail("FW7013", `\`${code}\` is not an empty folder`, {
      hint: "give a new or empty folder; nothing was written",
    });
}

/** What is wrong with the workspace now, in the files and in the plans of the new service. */
async function problemsWith(context: Context, name: string): Promise<readonly Problem[]> {
  const workspace = await loadWorkspace(context.root);
  if (workspace.services[name] === undefined) return workspace.problems;
  const environments = Object.keys(workspace.environments);
  const planned = planWorkspace(workspace, { environments, services: [name] });
  return [...workspace.problems, ...planned.problems];
}

/** What tells one problem from another, wherever its line has moved. */
const keyOf = ({ code, file, path, message }: Problem): string =>
  JSON.stringify([code, file, path, message]);

function filler(name: string, owner: string | undefined): (text: string) => string {
  return (text) =>
    (owner === undefined
      ? text.replaceAll(/^ *owner: template-owner\n/gm, "")
      : text.replaceAll("template-owner", owner)
    ).replaceAll("template-name", name);
}

/** Copies a folder's files; tells each that it wrote and how to take back what it made. */
function copy(
  from: string,
  to: string,
  fill: (text: string) => string,
  written: string[],
  undo: (() => void)[],
): void {
  for (const entry of readdirSync(from, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const source = path.join(entry.parentPath, entry.name);
    const target = path.join(to, path.relative(from, source));
    const made = mkdirSync(path.dirname(target), { recursive: true });
    if (made !== undefined) undo.push(() => rmSync(made, { recursive: true, force: true }));
    writeFileSync(target, fill(readFileSync(source, "utf8")), { flag: "wx" });
    undo.push(() => rmSync(target, { force: true }));
    written.push(target);
  }
}

const isThere = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) !== undefined;

/** The file's own place, links followed as far as it exists. */
function realOf(file: string): string {
  for (let there = file; ; there = path.dirname(there)) {
    if (existsSync(there)) return path.join(realpathSync(there), path.relative(there, file));
  }
}
