import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { parse } from "../../stacks/cli/parse.ts";
import { checkoutRoot } from "../setup/checkout.ts";

const ROOT = checkoutRoot();
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");

function markdownFiles(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory())
      return ["node_modules", ".fairway", ".git"].includes(entry.name) ? [] : markdownFiles(file);
    return entry.name.endsWith(".md") ? [file] : [];
  });
}

const PAGES = [
  "README.md",
  ...[
    ".github",
    "docs",
    "components",
    "environments",
    "policies",
    "services",
    "stacks",
    "tools",
  ].flatMap(markdownFiles),
].filter((file) => !file.startsWith("components/templates/"));

test.each(PAGES)("every link of %s leads to a file", (page) => {
  const links = [...read(page).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
    .map((match) => match[1]!)
    .filter((link) => !/^[a-z]+:/.test(link));
  const broken = links.filter((link) => !existsSync(path.join(ROOT, path.dirname(page), link)));
  expect(broken).toEqual([]);
});

test("every example of a component is shown on the component's page", () => {
  const examples = readdirSync(path.join(ROOT, "components")).flatMap((noun) => {
    const folder = `components/${noun}/examples`;
    return existsSync(path.join(ROOT, folder))
      ? readdirSync(path.join(ROOT, folder)).map((file) => ({ noun, file: `examples/${file}` }))
      : [];
  });
  expect(examples.length).toBeGreaterThan(10);
  const hidden = examples.filter(
    ({ noun, file }) => !read(`components/${noun}/${noun}.md`).includes(`](${file})`),
  );
  expect(hidden).toEqual([]);
});

test("the architecture answers 20 questions and more, each by its number", () => {
  const rows = [
    ...read("docs/ARCHITECTURE.md").matchAll(/^\|\s+(\d+)\. .*\?\s+\| .*(?:\]\(|`fairway).*$/gm),
  ].map((match) => Number(match[1]));
  expect(rows.length).toBeGreaterThanOrEqual(20);
  expect(rows).toEqual(rows.map((_, i) => i + 1));
});

test("every `fairway` command line in the pages parses", () => {
  const lines = PAGES.flatMap((page) =>
    [...read(page).matchAll(/`(?:npx )?fairway ([^`<…]+)`/g)].map((match) => ({
      page,
      line: match[1]!.trim(),
    })),
  );
  expect(lines.length).toBeGreaterThan(5);
  const bad = lines.filter(
    ({ line }) => parse(line.replaceAll(/['"]/g, "").split(/\s+/)).kind === "usage",
  );
  // Words that name a command without its operands are no command lines.
  expect(
    bad.filter(
      ({ line }) => line.includes(" ") && !/^(secret set|score \w+|cluster \w+)$/.test(line),
    ),
  ).toEqual([]);
});

test("every `fairway` command line in the workflows parses, and deployments have the environment's key", () => {
  type Job = { steps?: { run?: string; env?: Record<string, string> }[] };
  const steps = readdirSync(path.join(ROOT, ".github/workflows")).flatMap((file) => {
    const { jobs } = parseYaml(read(`.github/workflows/${file}`)) as { jobs: Record<string, Job> };
    return Object.values(jobs)
      .flatMap(({ steps = [] }) => steps)
      .flatMap(({ run = "", env = {} }) =>
        [...run.matchAll(/npx fairway (.*)/g)].map((match) => ({ file, line: match[1]!, env })),
      );
  });
  const wrong = (line: string) => parse(line.replaceAll('"', "").split(" ")).kind !== "run";
  expect(steps.length).toBeGreaterThan(3);
  expect(steps.filter(({ line }) => wrong(line))).toEqual([]);
  const deploying = steps.filter(({ file }) => file === "deploy-environment.yml");
  expect(deploying.map(({ line }) => line.split(" ")[0])).toEqual(["preview", "up"]);
  expect(deploying.filter(({ env }) => !("FAIRWAY_KEY" in env))).toEqual([]);
});

test("the README shows the short descriptor as it is in services/", () => {
  expect(read("README.md")).toContain(read("services/user-service/service.yaml"));
});

test("every npm script that the README names exists", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const named = [...read("README.md").matchAll(/npm (?:run )?([a-z:]+)/g)].map(
    (match) => match[1]!,
  );
  expect(named.filter((name) => !(name in scripts) && name !== "ci")).toEqual([]);
});
