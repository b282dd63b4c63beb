import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { LABEL } from "../../contract/names.ts";
import { nearest } from "../../contract/nearest.ts";
import { fail, FairwayError } from "../../contract/problem.ts";
import { loadWorkspace } from "../../load/workspace.ts";
import type { Context, Run } from "../command.ts";

/** `fairway new TEMPLATE NAME`: copies components/templates/TEMPLATE, checks the result, and takes it back where it is not valid. */
export const run: Run = async (context, { operands, flags }) => {
  const [template = "", name = ""] = operands;
  const folder = templateFolder(context, template);
  const target = path.join(context.root, "services", name);
  const code = flags["code"] === undefined ? undefined : path.resolve(flags["code"] as string);
  checkName(name, target, code, context.root);
  const before = await loadWorkspace(context.root);
  const owner = flags["owner"] as string | undefined;
  const fill = (text: string): string => {
    const owned =
      owner === undefined
        ? text.replaceAll(/^ *owner: __OWNER__\n/gm, "")
        : text.replaceAll("__OWNER__", owner);
    return owned.replaceAll("__NAME__", name);
  };
  const written: string[] = [];
  try {
    written.push(...copy(path.join(folder, "service"), target, fill));
    const known = new Set(before.problems.map((p) => JSON.stringify(p)));
    const fresh = (await loadWorkspace(context.root)).problems.filter(
      (p) => !known.has(JSON.stringify(p)),
    );
    if (fresh.length > 0) throw new FairwayError(fresh);
    if (code !== undefined) written.push(...copy(path.join(folder, "code"), code, fill));
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw error;
  }
  const files = written.map((file) => path.relative(process.cwd(), file) || file);
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

function templateFolder(context: Context, template: string): string {
  const all = path.join(context.checkout, "components", "templates");
  const names = readdirSync(all, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  if (names.includes(template)) return path.join(all, template);
  const near = nearest(template, names);
  return fail("FW7011", `there is no template \`${template}\`: ${names.join(", ")}`, {
    hint: near ? `did you mean \`${near}\`?` : `write \`fairway new ${names[0]} NAME\``,
  });
}

function checkName(name: string, target: string, code: string | undefined, root: string): void {
  if (!LABEL.test(name))
    fail(
      "FW7012",
      `\`${name}\` cannot name a service: expected 2 to 63 of a-z, 0-9 and -, not - at an end`,
      { hint: "write it in lower case, such as `order-service`" },
    );
  if (existsSync(target))
    fail("FW7013", `${path.relative(root, target)} exists`, {
      hint: "choose another name; nothing was written",
    });
  if (code === undefined) return;
  const inside = path.relative(path.join(root, "services"), code);
  if (!inside.startsWith("..") && !path.isAbsolute(inside))
    fail("FW7013", "`--code` is inside services/, which holds only data", {
      hint: "give a folder of the application's own repository",
    });
  if (existsSync(code) && readdirSync(code).length > 0)
    fail("FW7013", `\`${code}\` is not empty`, {
      hint: "give a new or empty folder; nothing was written",
    });
}

function copy(from: string, to: string, fill: (text: string) => string): string[] {
  const written: string[] = [];
  for (const entry of readdirSync(from, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const source = path.join(entry.parentPath, entry.name);
    const target = path.join(to, path.relative(from, source));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, fill(readFileSync(source, "utf8")), { flag: "wx" });
    written.push(target);
  }
  return written.sort();
}
