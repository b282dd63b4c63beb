import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { LONGEST_SESSION, PIPELINE } from "../../stacks/cli/bootstrap-template.ts";
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

interface Job {
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly {
    readonly if?: string;
    readonly uses?: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly run?: string;
    readonly env?: Readonly<Record<string, string>>;
  }[];
}
const JOBS = readdirSync(path.join(ROOT, ".github/workflows")).flatMap((file) => {
  const { jobs } = parseYaml(read(`.github/workflows/${file}`)) as { jobs: Record<string, Job> };
  return Object.values(jobs).map((job) => ({ file, ...job }));
});

test("every `fairway` command line in the workflows parses, and who meets the account has the environment's key", () => {
  const steps = JOBS.flatMap(({ file, environment, steps = [] }) =>
    steps.flatMap(({ run = "", env = {} }) =>
      [...run.matchAll(/npx fairway (.*)/g)].map((match) => ({
        file,
        environment,
        line: match[1]!,
        env,
      })),
    ),
  );
  const wrong = (line: string) => parse(line.replaceAll('"', "").split(" ")).kind !== "run";
  expect(steps.length).toBeGreaterThan(3);
  expect(steps.filter(({ line }) => wrong(line))).toEqual([]);
  const deploying = steps.filter(({ file }) => file === "deploy-environment.yml");
  expect(deploying.map(({ line }) => line.split(" ")[0])).toEqual(["preview", "up"]);
  const keyed = steps.filter(({ env }) => "FAIRWAY_KEY" in env);
  expect(keyed).toEqual(steps.filter(({ environment }) => environment !== undefined));
});

const TAKING = JOBS.flatMap((job) => {
  const step = job.steps?.find(({ uses }) =>
    uses?.startsWith("aws-actions/configure-aws-credentials@"),
  );
  return step ? [{ ...job, session: step.with }] : [];
});

test("a job ends before its role does, and asks for no more than `fairway bootstrap` grants", () => {
  expect(TAKING.length).toBe(2);
  for (const { file, session, ...job } of TAKING) {
    // What the action asks for by itself: an hour.
    const seconds = Number(session?.["role-duration-seconds"] ?? 3600);
    expect([file, seconds <= LONGEST_SESSION]).toEqual([file, true]);
    expect([file, Number(job["timeout-minutes"]) * 60 < seconds]).toEqual([file, true]);
  }
});

test("a job looks for a cluster only where one is named: the first deployment makes it", () => {
  for (const { file, steps = [] } of TAKING)
    expect([file, steps.find(({ run }) => run?.includes("update-kubeconfig"))?.if]).toEqual([
      file,
      "${{ vars.EKS_CLUSTER != '' }}",
    ]);
});

test("a job that takes a role names the environment that `fairway bootstrap` binds the role to", () => {
  const bound = TAKING.map(({ file, environment }) => [
    file,
    environment?.replace(/^\$\{\{ (inputs|matrix)\.environment \}\}/, "<env>"),
  ]);
  expect(Object.fromEntries(bound)).toEqual({
    "pull-request.yml": `<env>${PIPELINE.find(({ does }) => does === "previews")!.suffix}`,
    "deploy-environment.yml": `<env>${PIPELINE.find(({ does }) => does === "applies")!.suffix}`,
  });
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
