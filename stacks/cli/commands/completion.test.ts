import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS } from "../commands.ts";
import { contextOf, input, problemsOf } from "../testing.ts";
import { run } from "./completion.ts";

let root = "";
const scripts: Record<string, string> = {};
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "fairway-completion-"));
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  write("environments/local.yaml", "");
  write("environments/prod.yaml", "");
  write("services/a/service.yaml", "metadata:\n  name: shop-web\n");
  write("services/b/score.yaml", "metadata:\n  name: shop-api\n");
  write("services/c/service.yaml", "metadata:\n  name: $(touch planted)\n");
  for (const shell of ["bash", "zsh", "fish"]) {
    scripts[shell] = (await run(contextOf(root), input([shell]))).text;
    write(`completion.${shell}`, scripts[shell]);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What a real bash offers for the last word of a line. */
function offered(line: string): string[] {
  const words = line.split(" ");
  const script = `source completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fairway; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ["--norc", "--noprofile", "-c", script, "bash", ...words];
  return execFileSync("bash", args, { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);
}

test("bash completes commands, their second words, operands, flags and environments", () => {
  expect(offered("fairway pre")).toEqual(["preview"]);
  expect(offered("fairway ").length).toBe(
    new Set(COMMANDS.map((face) => face.name.split(" ")[0])).size,
  );
  expect(offered("fairway cluster ")).toEqual(["up", "down", "status", "kubeconfig"]);
  expect(offered("fairway secret ")).toEqual(["set"]);
  expect(offered("fairway secret set shop-w")).toEqual(["shop-web"]);
  expect(offered("fairway up shop-").toSorted()).toEqual(["shop-api", "shop-web"]);
  expect(offered("fairway up --env ")).toEqual(["local", "prod"]);
  expect(offered("fairway up --mark")).toEqual(["--markdown"]);
  expect(offered("fairway cluster down --k")).toEqual(["--keep"]);
  expect(offered("fairway new api")).toEqual(["api-gateway"]);
  expect(offered("fairway explain FW7001")).toEqual(["FW7001"]);
  expect(offered("fairway explain privi")).toContain("privileged");
  expect(offered("fairway completion ")).toEqual(["bash", "zsh", "fish"]);
});

test("a name in a file is never run by the shell", () => {
  expect(offered("fairway up ").toSorted()).toEqual(["shop-api", "shop-web"]);
  expect(existsSync(path.join(root, "planted"))).toBe(false);
});

const programs = (process.env["PATH"] ?? "").split(path.delimiter);
const lacks = (program: string): boolean =>
  !programs.some((folder) => folder !== "" && existsSync(path.join(folder, program)));

test.each(["bash", "zsh", "fish"].filter((shell) => !lacks(shell)))(
  "%s reads its script",
  (shell) => {
    const args = ["-n", path.join(root, `completion.${shell}`)];
    expect(execFileSync(shell, args, { encoding: "utf8" })).toBe("");
  },
);

test("every command and flag is in the script of fish", () => {
  for (const face of COMMANDS) {
    const [first, second] = face.name.split(" ");
    expect(scripts["fish"]).toContain(` -a ${second ?? first} -d '`);
    for (const flag of face.flags)
      expect(scripts["fish"]).toContain(`from ${first}' -l ${flag.name}`);
  }
});

test("fails on a shell that has none", async () => {
  expect(await problemsOf(() => run(contextOf(root), input(["tcsh"])))).toEqual([
    "FW7003 there is no completion for `tcsh`: bash, zsh, fish | write `fairway completion bash`",
  ]);
});
