import { describe, expect, it } from "vitest";
import { parseYaml } from "./yaml.ts";

/** `code line:column message`, as few words as the table needs. */
function problems(text: string): string[] {
  return parseYaml("f.yaml", text).problems.map(
    (found) => `${found.code} ${found.line}:${found.column} ${found.message}`,
  );
}

describe("parseYaml", () => {
  it.each<[string, string, string[]]>([
    [
      "a duplicate key",
      "a: 1\nb: 2\na: 3\n",
      ["FW1005 3:1 the key a stands twice: first in line 1"],
    ],
    [
      "a tab in the indentation",
      "a:\n\tb: 1\n",
      ["FW1004 2:1 a tab in the indentation: only spaces are allowed"],
    ],
    [
      "anchor, alias and merge key",
      "a: &x {b: 1}\nc: *x\nd:\n  <<: {e: 1}\n",
      [
        "FW1006 1:7 the anchor &x is not allowed",
        "FW1006 2:4 the alias *x is not allowed",
        "FW1006 4:3 the merge key << is not allowed",
      ],
    ],
    ["an anchor on a key", "&k a: 1\n", ["FW1006 1:4 the anchor &k is not allowed"]],
    [
      "a second document",
      "a: 1\n---\nb: 2\n",
      ["FW1007 2:1 several documents in one file: one is allowed"],
    ],
    [
      "a second document behind an empty one",
      "a: 1\n---\n---\nb: 2\n",
      ["FW1007 3:1 several documents in one file: one is allowed"],
    ],
    ["an empty file", "", ["FW1008 1:1 the file is empty"]],
    ["a file of comments", "# nothing\n", ["FW1008 1:1 the file is empty"]],
    [
      "a prototype key",
      "a:\n  __proto__: {x: 1}\n",
      ["FW1009 2:3 the key __proto__ is not allowed"],
    ],
    ["the key constructor", "constructor: 1\n", ["FW1009 1:1 the key constructor is not allowed"]],
    ["a number as key", "8080: a\n", ["FW1010 1:1 the key 8080 is not text"]],
    ["a list as key", "? [a]\n: 1\n", ["FW1010 1:3 the key here is not text"]],
    ["a tag", "a: !!binary aGk=\n", ["FW1011 1:13 the tag !!binary is not allowed"]],
    [
      "an unclosed list",
      "a: [1, 2\n",
      [
        "FW1003 2:1 the indentation does not fit the lines around it: flow sequence in block collection must be sufficiently indented and end with a ]",
      ],
    ],
  ])("fails on %s", (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it("fails on nesting of any depth without exhausting the stack", () => {
    expect(problems("[".repeat(200_000))[0]).toContain("FW1014 1:");
    expect(problems(`${"a: {".repeat(90)}x: 1${"}".repeat(90)}`)[0]).toContain("FW1014 1:");
  });

  it("reads 60,000 keys in linear time", () => {
    const text = Array.from({ length: 60_000 }, (_, index) => `k${index}: ${index}\n`).join("");
    const { value } = parseYaml("f.yaml", text);
    expect(Object.keys(value as object)).toHaveLength(60_000);
  });

  it("tolerates a byte order mark, and counts columns behind it", () => {
    const yaml = parseYaml("f.yaml", "\uFEFFa: b\n");
    expect(yaml.value).toEqual({ a: "b" });
    expect(yaml.at(["a"])).toEqual({ file: "f.yaml", line: 1, column: 4 });
  });

  it("takes a separator, comments and the document's end behind the document", () => {
    for (const end of ["---", "---\n", "--- # nothing\n\n# more\n", "...\n", "...\n---\n---\n"])
      expect(parseYaml("f.yaml", `a: 1\n${end}`)).toMatchObject({ value: { a: 1 }, problems: [] });
  });

  it("says where a value is left out, because it stands elsewhere in the file", () => {
    expect(parseYaml("f.yaml", "a: &x {b: 1}\nc: [*x]\nd:\n  <<: *x\n").elsewhere).toEqual([
      ["c", 0],
      ["d"],
    ]);
  });

  it("reads YAML 1.2: no and on are text, 0644 is decimal, and both are kept as doubtful", () => {
    const { value, doubtful } = parseYaml(
      "f.yaml",
      "a: no\nb: on\nc: 0644\nd: 12345678901234567890\ne: 'no'\n",
    );
    expect(value).toMatchObject({ a: "no", b: "on", c: 644, e: "no" });
    expect(doubtful.map(({ kind, written }) => `${kind} ${written}`)).toEqual([
      "boolean no",
      "boolean on",
      "octal 0644",
      "unsafe 12345678901234567890",
    ]);
  });

  it("finds scalars, keys and list items, and the nearest parent of what is not there", () => {
    const yaml = parseYaml("f.yaml", "a:\n  b: 1\n  c:\n    - x\n    - d: 2\ne:\n");
    const at = (...path: (string | number)[]) => {
      const { line, column } = yaml.at(path);
      return `${line}:${column}`;
    };
    expect(at()).toBe("1:1");
    expect(at("a")).toBe("1:1");
    expect(at("a", "b")).toBe("2:6");
    expect(at("a", "c", 1)).toBe("5:7");
    expect(at("a", "c", "1", "d")).toBe("5:10");
    expect(at("a", "x", "y")).toBe("1:1");
    expect(at("e")).toBe("6:1");
    expect(yaml.at(["a", "b"], "key")).toMatchObject({ line: 2, column: 3 });
  });
});
