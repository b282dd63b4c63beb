import { existsSync, readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { environmentFile, makeRoot, removeRoots, requestFile } from "../load/root.fixture.ts";
import { run as compose } from "./commands/compose.ts";
import { run as create } from "./commands/new.ts";
import { run as preview } from "./commands/preview.ts";
import { run as exportScore } from "./commands/score-export.ts";
import { contextOf, input, problemsOf } from "./testing.ts";
import { demandWritable, writeNamed } from "./write.ts";

afterEach(removeRoots);

const root = (): string =>
  makeRoot({
    "environments/test.yaml": environmentFile("test"),
    "services/a/service.yaml": requestFile("  type: worker\n  image: registry.test/a1:1.0\n", "a1"),
  });

test("a file that cannot be written is named with the reason", async () => {
  const there = root();
  const file = `${there}/environments/test.yaml`;
  const hint = "name one in a folder that is there and that you may write to";
  for (const act of [(to: string) => writeNamed(to, "x"), demandWritable]) {
    expect(await problemsOf(() => act(`${there}/no/x`))).toEqual([
      `FW7048 ${there}/no/x cannot be written: its folder is not there | ${hint}`,
    ]);
    expect(await problemsOf(() => act(there))).toEqual([
      `FW7048 ${there} cannot be written: it is a folder | ${hint}`,
    ]);
    expect(await problemsOf(() => act(`${file}/x`))).toEqual([
      `FW7048 ${file}/x cannot be written: its folder is a file | ${hint}`,
    ]);
  }
  expect(readFileSync(file, "utf8")).toBe(environmentFile("test"));
});

test("what is asked whether it can be written keeps what it holds", () => {
  const file = `${root()}/report.md`;
  writeNamed(file, "before");
  demandWritable(file);
  expect(readFileSync(file, "utf8")).toBe("before");
});

test("every command that writes a file of the command line says so", async () => {
  const there = root();
  const out = `${there}/no/x`;
  const said = [`FW7048 ${out} cannot be written: its folder is not there`];
  const message = async (act: () => unknown): Promise<string[]> =>
    (await problemsOf(act)).map((text) => text.split(" | ")[0]!);
  const operands = input(["a1"], { env: "test", out });
  expect(await message(() => exportScore(contextOf(there), operands))).toEqual(said);
  expect(await message(() => compose(contextOf(there), operands))).toEqual(said);
  expect(existsSync(`${there}/.fairway/compose.env`)).toBe(false);
  const report = input(["a1"], { env: "test", markdown: out });
  expect(await message(() => preview(contextOf(there), report))).toEqual(said);
});

test("a skeleton that cannot be written is named, and the descriptor is taken back", async () => {
  const there = root();
  const code = `${there}/environments/test.yaml/code`;
  const said = await problemsOf(() =>
    create(contextOf(there), input(["node-service", "b1"], { code })),
  );
  expect(said).toEqual([expect.stringContaining(`FW7048 ${code} cannot be written`)]);
  expect(existsSync(`${there}/services/b1`)).toBe(false);
});
