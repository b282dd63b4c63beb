import { describe, expect, it } from "vitest";
import { cleanRoots, environmentFile, makeRoot, requestFile, scoreFile } from "./root.fixture.ts";
import { without } from "./rest.ts";
import { loadWorkspace } from "./workspace.ts";

cleanRoots();

describe("a document without some of its parts", () => {
  const document = { a: { b: 1, c: [{ d: 2, e: 3 }, 4] }, f: null };

  it("keeps the others where they are", () => {
    expect(without(document, [["a", "b"], ["f"]])).toEqual({ a: { c: [{ d: 2, e: 3 }, 4] } });
    expect(without(document, [["a", "c", 0, "d"]])).toEqual({
      a: { b: 1, c: [{ e: 3 }, 4] },
      f: null,
    });
    expect(without(document, [])).toEqual(document);
    expect(without(document, [["x"], ["a", "b", "x"], ["a", "c", 7]])).toEqual(document);
  });

  it("has none of a list of which an entry goes", () => {
    expect(without(document, [["a", "c", 1]])).toEqual({ a: { b: 1 }, f: null });
    expect(without(document, [[]])).toBeUndefined();
  });
});

it("is checked, and is no service that could be planned", async () => {
  const { services, problems } = await loadWorkspace(
    makeRoot({
      "environments/test.yaml": environmentFile("test"),
      "services/a/service.yaml": requestFile("  type: worker\n  evn: {}\n", "aa"),
      "services/b/score.yaml": scoreFile("    variabels: {}\n", "bb"),
      "services/c/service.yaml": requestFile("  type: worker\n  consumes: [aa, bb]\n", "cc"),
    }),
  );
  expect(Object.keys(services)).toEqual(["cc"]);
  expect(problems.map(({ code }) => code)).toEqual(["FW1101", "FW1101"]);
});
