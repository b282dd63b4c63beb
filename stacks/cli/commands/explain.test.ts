import { expect, test } from "vitest";
import { CODES } from "../../contract/codes.ts";
import { documentSchema } from "../schemas.ts";
import { contextOf, input, problemsOf } from "../testing.ts";
import { explained, run } from "./explain.ts";

const explain = (word: string) => run(contextOf("/"), input([word]));

test("every code is explained: title, why, fix and exit code", async () => {
  for (const [code, entry] of Object.entries(CODES)) {
    const { exit, text, data } = await explain(code.toLowerCase());
    expect(exit).toBe(0);
    expect(text).toBe(
      `${code}: ${entry.title}\n\nwhy:  ${entry.why}\nfix:  ${entry.fix}\nexit: ${entry.exit}`,
    );
    expect(data).toMatchObject({ kind: "code", code });
  }
});

test("every rule is explained: what it demands, why, the fix and the fields of both descriptors", async () => {
  const rules = explained().filter((word) => !Object.hasOwn(CODES, word));
  expect(rules.length).toBeGreaterThan(20);
  for (const rule of rules) {
    const result = await explain(rule.toUpperCase());
    expect(result.text).toMatch(
      /^[a-z-]+: .+\n\nwhy: +\S.*\nfix: +\S.*\nseverity: .*\nfields: +\S/,
    );
    expect(result.text).not.toMatch(/undefined|\[object/);
    const document = { command: "explain", exit: 0, rehearsed: false, data: result.data };
    const checked = documentSchema("explain").safeParse({ ...document, problems: [], notes: [] });
    expect(checked.error?.issues ?? []).toEqual([]);
  }
});

test("fails on what is neither, with what was meant", async () => {
  expect((await problemsOf(() => explain("FW999")))[0]).toMatch(/^FW7010 .*FW999` \| /);
  expect(await problemsOf(() => explain("priviledged"))).toEqual([
    "FW7010 there is no code or rule `priviledged` | did you mean `fairway explain privileged`?",
  ]);
  expect((await problemsOf(() => explain("constructor")))[0]).toContain("FW7010");
});
