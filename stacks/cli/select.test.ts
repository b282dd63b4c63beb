import { expect, test } from "vitest";
import { FairwayError } from "../contract/problem.ts";
import type { Input } from "./command.ts";
import { globToRegExp, selectImages, selectServices } from "./select.ts";

const KNOWN = ["shop-api", "shop-web", "user-service"];
const input = (operands: string[], flags: Input["flags"] = {}): Input => ({ operands, flags });
const codesOf = (act: () => unknown): string[] => {
  try {
    act();
  } catch (error) {
    if (FairwayError.is(error))
      return error.problems.map((p) => `${p.code} ${p.message} | ${p.hint}`);
    throw error;
  }
  return [];
};

test("names and globs choose services, each once and in order", () => {
  expect(selectServices(KNOWN, input(["user-service", "shop-*", "shop-api"]), "none")).toEqual(
    KNOWN,
  );
  expect(selectServices(KNOWN, input([]), "all")).toEqual(KNOWN);
  expect(selectServices(KNOWN, input([], { all: true }), "none")).toEqual(KNOWN);
});

test("fails with every unknown name and what was meant", () => {
  expect(codesOf(() => selectServices(KNOWN, input(["shop-wed", "nothing"]), "none"))).toEqual([
    "FW7006 there is no service `shop-wed` | did you mean `shop-web`?",
    "FW7006 there is no service `nothing` | services: shop-api, shop-web, user-service",
  ]);
  expect(codesOf(() => selectServices(KNOWN, input([]), "none"))[0]).toContain(
    "FW7005 no service was named",
  );
  expect(
    codesOf(() => selectServices(KNOWN, input(["shop-api"], { all: true }), "none"))[0],
  ).toContain("FW7005 both");
});

test("globs are those of a shell and nothing else is special", () => {
  expect(globToRegExp("shop-?pi").test("shop-api")).toBe(true);
  expect(globToRegExp("shop.api").test("shop-api")).toBe(false);
  expect(globToRegExp("[su]*").test("user-service")).toBe(true);
});

test("images are read from SERVICE/CONTAINER=REFERENCE", () => {
  expect(
    selectImages(
      input([], { image: ["shop-api/api=r.example.com/a@sha256:1", "shop-api/log=b:1"] }),
      KNOWN,
    ),
  ).toEqual({
    "shop-api": { api: "r.example.com/a@sha256:1", log: "b:1" },
  });
  expect(
    codesOf(() => selectImages(input([], { image: ["shop-api=x", "nope/main=x"] }), KNOWN)).map(
      (text) => text.slice(0, 6),
    ),
  ).toEqual(["FW7004", "FW7006"]);
});
