import { describe, expect, it } from "vitest";
import { choiceOf, closest, didYouMean, listOf } from "./suggest.ts";

describe("closest", () => {
  const words = ["database", "cache", "scaling", "env", "monitoring"];

  it.each([
    ["databse", "database"],
    ["dtaabase", "database"],
    ["Database", "database"],
    ["cach", "cache"],
    ["evn", "env"],
    ["monitorign", "monitoring"],
    ["volumes", undefined],
    ["x", undefined],
    ["x".repeat(1_000), undefined],
  ])("of %j is %j", (word, expected) => {
    expect(closest(word, words)).toBe(expected);
  });

  it("is a question in a hint", () => {
    expect(didYouMean("scalin", words)).toBe("did you mean scaling?");
    expect(didYouMean("nothing-like-it", words)).toBeUndefined();
  });
});

describe("listOf", () => {
  it("joins words as a sentence does, each once, and cuts what is long", () => {
    expect(listOf([])).toBe("nothing");
    expect(listOf(["a"])).toBe("a");
    expect(listOf(["a", "b", "a"])).toBe("a and b");
    expect(choiceOf(["a", "b", "c"])).toBe("a, b or c");
    expect(listOf(Array.from({ length: 20 }, (_, index) => `w${index}`))).toMatch(
      /w9 and 10 more$/,
    );
  });
});
