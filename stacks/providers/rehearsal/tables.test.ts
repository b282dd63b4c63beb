import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { UNKNOWN } from "../kubernetes/values.ts";
import { playAws } from "./aws.ts";
import { chanceOf } from "./chance.ts";
import { cue } from "./fixture.ts";
import type { Tables } from "./facts.ts";
import { FORMS } from "./forms.ts";
import { openLibrary } from "./library.ts";
import { factsOfSdk, readSdk, sdkOf } from "./sdk.ts";

const tables = JSON.parse(readFileSync(new URL("tables.json", import.meta.url), "utf8")) as Tables;
const sdk = sdkOf("aws")!;

test("the tables are of the installed SDK; otherwise run `npm run generate`", () => {
  expect(tables.source["@pulumi/aws"]).toContain(sdk.version);
  for (const [token, { properties }] of Object.entries(tables.types)) {
    const said = factsOfSdk(readSdk(sdk.folder, token.replace("aws:", ""))!).properties;
    const uses = (known: typeof properties): object =>
      Object.fromEntries(
        Object.entries(known)
          .map(([name, { use }]) => [name, use])
          .sort(),
      );
    expect([token, uses(properties)]).toEqual([token, uses(said)]);
  }
});

test("every type of the tables has a form by hand, and every form a table", () => {
  const types = Object.keys(tables.types).map((token) => token.replace("aws:", ""));
  expect(Object.keys(FORMS).toSorted()).toEqual(types.toSorted());
});

test("every form fills every ARN, with the right partition, and nothing that is unknown", async () => {
  const aws = playAws(openLibrary());
  for (const [token, { properties }] of Object.entries(tables.types)) {
    const { id, outputs } = await aws.make(
      cue(token.replace("aws:", ""), "one"),
      { value: {}, secrets: [] },
      chanceOf(token),
    );
    expect(JSON.stringify([token, id, outputs.value])).not.toContain(UNKNOWN);
    const arn = outputs.value["arn"];
    if (properties["arn"]?.use === "output")
      expect([token, arn]).toEqual([token, expect.any(String)]);
  }
});

test("a type outside the tables is read from the SDK, and said to be so", async () => {
  const library = openLibrary();
  const facts = await library.find("aws:cognito/userPool:UserPool");
  expect(facts?.replacementKnown).toBe(false);
  expect(facts?.properties["endpoint"]).toEqual({ is: "text", use: "output" });
  expect(facts?.properties["name"]?.use).toBe("computed");
  expect([...library.unknown]).toEqual(["aws:cognito/userPool:UserPool"]);
  expect(await library.find("aws:none/none:None")).toBeUndefined();
  expect(await library.find("nowhere:none/none:None")).toBeUndefined();
});
