import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { doubled, kubeletText, programText } from "./kubelet.ts";

/**
 * What the kubelet makes of a text, byte by byte, a single byte above ASCII after a `$` taken for a character.
 * Source: k8s.io/kubernetes, third_party/forked/golang/expansion
 */
function expanded(text: string, variables: Readonly<Record<string, string>>): string {
  const input = Buffer.from(text, "utf8").toString("latin1");
  let out = "";
  let at = 0;
  while (at < input.length) {
    const next = input[at + 1];
    const close = next === "(" ? input.indexOf(")", at + 2) : -1;
    if (input[at] !== "$" || next === undefined) out += input[at++];
    else if (close >= 0) {
      const name = input.slice(at + 2, close);
      const known = Object.hasOwn(variables, name) ? variables[name]! : undefined;
      out += known === undefined ? `$(${name})` : Buffer.from(known, "utf8").toString("latin1");
      at = close + 1;
    } else {
      out += next === "$" ? "$" : `$${Buffer.from(next, "utf8").toString("latin1")}`;
      at += 2;
    }
  }
  return Buffer.from(out, "latin1").toString("utf8");
}

const texts = fc
  .array(fc.constantFrom("$", "(", ")", "A", "B", "x", "é", "€", " ", "\n", "{", "}"), {
    maxLength: 12,
  })
  .map((parts) => parts.join(""));
const VARIABLES = { A: "one", B: "$(A)$$", "": "empty" };

describe("kubeletText", () => {
  it("arrives at a program as it was written, whatever variables there are", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(expanded(kubeletText(text), VARIABLES)).toBe(text);
        expect(expanded(doubled(text), VARIABLES)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(["", "a", "$", "$x", "${x}", "a$", "$(x", "cost: 5$ (net)"])(
    "leaves %j as it is, which the kubelet does not change",
    (text) => {
      expect(kubeletText(text)).toBe(text);
      expect(expanded(text, VARIABLES)).toBe(text);
    },
  );

  it.each([
    ["$(A)", "$$(A)"],
    ["x$$y", "x$$$$y"],
    ["$x $(date)", "$$x $$(date)"],
    ["5 $€", "5 $$€"],
  ])("writes %j as %j", (text, written) => {
    expect(expanded(text, { ...VARIABLES, date: "now" })).not.toBe(text);
    expect(kubeletText(text)).toBe(written);
  });
});

describe("doubled", () => {
  it("leaves references between its parts to the kubelet", () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const text = `${doubled(before)}$(B)${doubled(after)}`;
        expect(expanded(text, VARIABLES)).toBe(`${before}${VARIABLES.B}${after}`);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("programText", () => {
  it("reads what was written for the kubelet", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(programText(kubeletText(text))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is what the kubelet gives where it knows none of the names", () => {
    fc.assert(
      fc.property(
        texts.filter((text) => !/\$\P{ASCII}/u.test(text)),
        (text) => {
          expect(programText(text)).toBe(expanded(text, {}));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
