import { expect, test } from "vitest";
import { COMMANDS } from "./commands.ts";
import { commandHelp, groupHelp, overview } from "./help.ts";
import { parse } from "./parse.ts";

const usageOf = (...argv: string[]) => {
  const parsed = parse(argv);
  if (parsed.kind !== "usage") throw new Error(`parsed as ${parsed.kind}`);
  return parsed.problems.map(({ code, message, hint }) => ({ code, message, hint }));
};

test("a command line becomes a command, operands and flags", () => {
  const parsed = parse([
    "up",
    "shop-*",
    "--env",
    "dev",
    "--image",
    "a/b=c",
    "--image",
    "d/e=f",
    "-p",
    "4",
    "--json",
  ]);
  expect(parsed).toMatchObject({
    kind: "run",
    command: { name: "up" },
    input: {
      operands: ["shop-*"],
      flags: { env: "dev", image: ["a/b=c", "d/e=f"], parallel: 4, json: true },
    },
  });
});

test("every command that takes any number of services takes `--all`, too", () => {
  const many = COMMANDS.filter(({ operands }) => operands === "[SERVICE…]");
  expect(many.length).toBeGreaterThan(5);
  expect(many.filter(({ name }) => parse([name, "--all"]).kind !== "run")).toEqual([]);
});

test("flags with their values may stand before the command", () => {
  expect(parse(["--root", "/r", "-e", "dev", "up", "cart"])).toMatchObject({
    kind: "run",
    command: { name: "up" },
    input: { operands: ["cart"], flags: { root: "/r", env: "dev" } },
  });
});

test("commands of two words take flags between and after their words", () => {
  expect(parse(["cluster", "down", "--yes"])).toMatchObject({
    kind: "run",
    command: { name: "cluster down" },
    input: { operands: [] },
  });
  expect(parse(["--yes", "cluster", "down"])).toMatchObject({
    kind: "run",
    command: { name: "cluster down" },
  });
});

test("fails with the nearest command, group or flag", () => {
  expect(usageOf("validat")).toEqual([
    {
      code: "FW7001",
      message: "there is no command `validat`",
      hint: "did you mean `fairway validate`?",
    },
  ]);
  expect(usageOf("cluster", "upp")[0]!.message).toBe(
    "there is no command `cluster upp`: up, down, status, kubeconfig",
  );
  expect(usageOf("cluster")[0]!.message).toBe(
    "`cluster` needs one more word: up, down, status, kubeconfig",
  );
  expect(usageOf("up", "--evn", "dev")[0]).toMatchObject({
    code: "FW7002",
    hint: "did you mean `--env`?",
  });
  expect(usageOf("--json")[0]!.code).toBe("FW7001");
});

test("fails on too few and too many operands and on numbers that are none, all at once", () => {
  expect(usageOf("explain").map((p) => p.code)).toEqual(["FW7003"]);
  expect(usageOf("outputs", "a", "b", "--env", "dev")[0]!.message).toBe(
    "`outputs` takes SERVICE, got `b` too",
  );
  expect(usageOf("drift", "--parallel", "none")[0]).toMatchObject({
    code: "FW7004",
    message: "`--parallel` is `none`, expected a whole number from 1",
  });
});

test("help and version need no command", () => {
  expect(parse(["--version"])).toEqual({ kind: "version" });
  expect(parse(["--help"])).toEqual({ kind: "help" });
  expect(parse(["help", "up"])).toMatchObject({ kind: "help", command: { name: "up" } });
  expect(parse(["cluster", "--help"])).toEqual({ kind: "help", group: "cluster" });
  expect(parse(["up", "--help"])).toMatchObject({ kind: "help", command: { name: "up" } });
});

test("every command has help with an example that parses", () => {
  for (const face of COMMANDS) {
    expect(commandHelp(face)).toContain(`usage: fairway ${face.name}`);
    expect(face.examples.length).toBeGreaterThan(0);
    for (const [line] of face.examples) {
      const words = line
        .split(/ [<>|] ?/)[0]!
        .replaceAll("'", "")
        .split(" ");
      expect({ line, kind: parse(words).kind }).toEqual({ line, kind: "run" });
    }
  }
  expect(overview().split("\n").length).toBeGreaterThan(COMMANDS.length);
  expect(groupHelp("cluster")).toContain("fairway cluster up");
});
