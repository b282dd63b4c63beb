import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FairwayError } from "../contract/problem.ts";
import { sourceOf } from "../contract/source.ts";
import type { Json } from "../contract/value.ts";
import { overrideProperties, parseProperty } from "./properties.ts";
import { cleanRoots, environmentFile, makeRoot, said, scoreFile } from "./root.fixture.ts";
import { loadWorkspace } from "./workspace.ts";

cleanRoots();

const apply = (document: Json, ...texts: string[]) => {
  const properties = texts.map((text) => parseProperty(text, "web"));
  const { value, taken, problems } = overrideProperties(document, properties);
  return { value, taken, problems: problems.map(({ code, message }) => `${code} ${message}`) };
};

const codesOf = (act: () => unknown): readonly string[] => {
  try {
    act();
    return [];
  } catch (error) {
    if (!FairwayError.is(error)) throw error;
    return error.problems.map(({ code }) => code);
  }
};

describe("properties of the command line", () => {
  it.each<[text: string, before: Json, after: Json, taken: string[]]>([
    ["a.b=1", {}, { a: { b: 1 } }, ["a"]],
    ["a.b=x: y", { a: { b: { z: 1 } } }, { a: { b: { x: "y" } } }, ["a.b"]],
    ["a.b=", { a: { b: 1, c: 2 } }, { a: { c: 2 } }, []],
    ["a.b=null", { a: { b: 1 } }, { a: {} }, []],
    ["a.-1=new", { a: ["x"] }, { a: ["x", "new"] }, ["a.1"]],
    ["a.0=", { a: ["x", "y"] }, { a: ["y"] }, []],
    ["a.-1=new", {}, { a: ["new"] }, ["a"]],
    ["b.a.-1=new", { b: { a: null } }, { b: { a: ["new"] } }, ["b.a.0"]],
    ["b=", { a: 1 }, { a: 1 }, []],
    ["b.c.d=", { a: 1 }, { a: 1 }, []],
    ["a.c.d=", { a: { b: 1 } }, { a: { b: 1 } }, []],
    ["a.b.c=", { a: { b: null } }, { a: { b: null } }, []],
    ["a.-1=", {}, {}, []],
    ["a.1.b=2", { a: [{}, { b: 1 }] }, { a: [{}, { b: 2 }] }, ["a.1.b"]],
    ["a.b\\.c/d=e", { a: {} }, { a: { "b.c/d": "e" } }, ["a.b\\.c/d"]],
    ["a=b=c", {}, { a: "b=c" }, ["a"]],
  ])("%s", (text, before, after, taken) => {
    expect(apply(before, text)).toEqual({ value: after, taken, problems: [] });
  });

  it("say what does not fit the document, and leave it as it was", () => {
    const document = { a: ["x"], b: "text" };
    expect(apply(document, "a.2=y", "a.first=y", "a.-1=", "b.c=y")).toEqual({
      value: document,
      taken: [],
      problems: [
        "FW1222 --override-property a.2: the list a has no entry 2: it has 1",
        'FW1222 --override-property a.first: "first" is no index of the list a',
        "FW1222 --override-property a.-1: the list a has no entry -1: it has 1",
        "FW1222 --override-property b.c: b is neither a map nor a list",
      ],
    });
  });

  it("are refused where they are none, or no service is meant", () => {
    for (const text of ["", "a", "=b", "a..b=c", "a=[", "a={b: 1, b: 2}"])
      expect([text, codesOf(() => parseProperty(text, "web"))]).toEqual([text, ["FW7040"]]);
    expect(codesOf(() => parseProperty("a=b", undefined))).toEqual(["FW7041"]);
    expect(parseProperty("web/containers.a./b/c=d", undefined)).toEqual({
      service: "web",
      path: ["containers", "a", "/b/c"],
      value: "d",
    });
  });

  it("set exactly the one path, whatever the document is", () => {
    const key = fc.stringMatching(/^[a-z]{1,3}$/);
    fc.assert(
      fc.property(
        fc.object({ key, maxDepth: 2, values: [fc.integer()] }),
        fc.array(key, { minLength: 1, maxLength: 3 }),
        fc.integer(),
        (document, path, value) => {
          const { value: after, problems } = overrideProperties(document as Json, [
            { service: "web", path, value },
          ]);
          if (problems.length > 0) expect(after).toEqual(document);
          else {
            expect(path.reduce<unknown>((at, part) => (at as never)[part], after)).toBe(value);
            const undone = overrideProperties(after, [{ service: "web", path, value: undefined }]);
            expect(undone.problems).toEqual([]);
          }
        },
      ),
    );
  });
});

describe("a Score document with overrides from everywhere", () => {
  const files = {
    "environments/test.yaml": environmentFile("test"),
    "services/a/score.yaml": scoreFile("    command: [run]\n    args: [one]\n"),
    "services/a/overrides.score.yaml":
      "containers:\n  app:\n    image: file:2\n    command: [walk]\n",
    "services/a/score-b.yaml": scoreFile("", "other"),
    "services/a/overrides.score-b.yaml": "metadata: {owner: team-b}\n",
  };
  const read = async (...texts: string[]) =>
    loadWorkspace(makeRoot(files), {
      properties: texts.map((text) => parseProperty(text, "web")),
    });

  it("takes the flag before the file and the file before the document, and says which", async () => {
    const { problems, services } = await read(
      "containers.app.image=flag:3",
      "containers.app.args.-1=two",
      "containers.app.variables.A=b",
    );
    expect(said(problems)).toEqual([]);
    const web = services["web"]!.in["test"]!;
    expect(web.containers["app"]).toMatchObject({
      image: "flag:3",
      command: ["walk"],
      args: ["one", "two"],
      variables: { A: "b" },
    });
    expect(
      ["image", "command", "args.0", "args.1", "variables.A"].map(
        (part) => sourceOf(web, `containers.app.${part}`).file,
      ),
    ).toEqual([
      "--override-property",
      "services/a/overrides.score.yaml",
      "services/a/score.yaml",
      "--override-property",
      "--override-property",
    ]);
  });

  it("gives each Score file of a folder the overrides of its own name", async () => {
    const { problems, services } = await read();
    expect(said(problems)).toEqual([]);
    expect(services["other"]?.in["test"]?.owner).toBe("team-b");
    expect(services["web"]?.in["test"]?.owner).toBeUndefined();
  });

  it("judges the result, and places what is wrong at the flag", async () => {
    const { problems } = await read("containers.app.imge=x", "containers.app.image=");
    expect(problems.map(({ code, file, path }) => [code, file, path])).toEqual([
      ["FW1101", "--override-property", "containers.app.imge"],
      ["FW1102", "--override-property", "containers.app.image"],
    ]);
  });
});
