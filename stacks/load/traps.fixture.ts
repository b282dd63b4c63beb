import { expect, it } from "vitest";
import { cleanRoots, environmentFile, makeRoot, said } from "./root.fixture.ts";
import { loadWorkspace } from "./workspace.ts";

type Files = Readonly<Record<string, string | Buffer>>;

/** A test a row: files in, exact problems out. `environments/test.yaml` is always there. */
export function traps(
  table: readonly (readonly [title: string, files: Files, problems: string[]])[],
): void {
  cleanRoots();
  it.each(table)("fails on %s", async (_, files, expected) => {
    const root = makeRoot({ "environments/test.yaml": environmentFile("test"), ...files });
    const { problems } = await loadWorkspace(root);
    expect(said(problems)).toEqual(expected);
    for (const { code, docs, source } of problems)
      expect([docs, source]).toEqual([`docs/errors/${code}.md`, "user"]);
  });
}
