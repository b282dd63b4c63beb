import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { checkoutRoot } from "../setup/checkout.ts";
import { scoreFields } from "./score.ts";
import { BETTER, FIELDS, PROOFS, RULES } from "./score-table.ts";

const read = (file: string): string => readFileSync(path.join(checkoutRoot(), file), "utf8");

test("the table of Score has every field of the schema, and no other", () => {
  const fields = scoreFields();
  expect(fields.length).toBeGreaterThan(60);
  expect(Object.keys(FIELDS).toSorted()).toEqual(fields.toSorted());
});

test("every proof is the name of a test that stands in the file", () => {
  const absent = Object.entries(PROOFS).filter(
    ([, { file, test: name }]) =>
      !['"', "'"].some((quote) => read(file).includes(`${quote}${name}${quote}`)),
  );
  expect(absent).toEqual([]);
});

test("every proof is of something, and nothing is left without a reason", () => {
  const rows = [...Object.values(FIELDS), ...Object.values(RULES)];
  const used = new Set<string>([...rows, ...BETTER].map(({ proof }) => proof));
  expect(Object.keys(PROOFS).filter((name) => !used.has(name))).toEqual([]);
  expect(BETTER).toHaveLength(11);
  for (const { limit, where } of rows) {
    expect(read(where).length).toBeGreaterThan(0);
    if (limit !== undefined) expect(limit.length).toBeGreaterThan(30);
  }
});
