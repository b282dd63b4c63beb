import { describe, expect, it } from "vitest";
import { parsePlaceholders, splitReference } from "./placeholder.ts";

/** Shows the parts as text, placeholders as `<root/name/…>`. */
function shown(text: string): string {
  const { parts, errors } = parsePlaceholders(text);
  if (errors) return errors.map((error) => `error: ${error.message}`).join("; ");
  return parts
    .map((part) => (typeof part === "string" ? part : `<${part.path.join("/")}>`))
    .join("|");
}

describe("parsePlaceholders", () => {
  // The cases of score-go's substitution_test.go.
  it.each([
    ["", ""],
    ["abc", "abc"],
    ["$abc", "$abc"],
    ["abc $$ abc", "abc $ abc"],
    ["$${abc}", "${abc}"],
    [
      "$$${abc}",
      "error: unknown root of the placeholder ${abc}: allowed are metadata and resources",
    ],
    ["$$$${abc}", "$${abc}"],
    ["$${abc .4t3298y *(^&(*}", "${abc .4t3298y *(^&(*}"],
    ["my name is ${metadata.name}", "my name is |<metadata/name>"],
    ["${metadata.annotations.key\\.com/foo-bar}", "<metadata/annotations/key.com/foo-bar>"],
    ["${}", "error: unknown root of the placeholder ${}: allowed are metadata and resources"],
    ["${metadata}", "error: the placeholder ${metadata} names nothing under metadata"],
    ["${resources}", "error: the placeholder ${resources} names nothing under resources"],
    ["${resources.db}", "<resources/db>"],
    ["${resources.db.host}:${resources.db.port}", "<resources/db/host>|:|<resources/db/port>"],
    ["${resources.db", "${resources.db"],
    [
      "a${b${resources.db}",
      "error: unknown root of the placeholder ${b${resources.db}: allowed are metadata and resources",
    ],
    ["cost: 5$", "cost: 5$"],
  ])("reads %j as %j", (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it("says where in the text a placeholder stands", () => {
    const { parts } = parsePlaceholders("$$ ${resources.db.host}!");
    expect(parts?.[1]).toEqual({ path: ["resources", "db", "host"], start: 3, end: 23 });
  });

  it("collects every wrong placeholder of a text", () => {
    expect(parsePlaceholders("${a} ${b}").errors).toHaveLength(2);
  });
});

describe("splitReference", () => {
  it("keeps an escaped dot inside its part", () => {
    expect(splitReference("a.b\\.c.d")).toEqual(["a", "b.c", "d"]);
  });
});
