import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { fields, list, text } from "../lib/read.ts";
import { secretsIn, signOf } from "./detect.ts";

/** Score documents that other people wrote (score-spec/examples): none holds a secret. */
const EXAMPLES = join(import.meta.dirname, "../../../../shared/fixtures/score/examples");
const files = existsSync(EXAMPLES)
  ? readdirSync(EXAMPLES, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith(".yaml"))
  : [];
const state = files.length > 0 ? `${files.length} are here` : "not here and left out";

test(`takes nothing in foreign Score documents for a secret (${state})`, () => {
  const taken = files.flatMap((file) => {
    const document = fields(parse(readFileSync(join(EXAMPLES, file), "utf8")));
    return Object.values(fields(document["containers"])).flatMap((one) => {
      const container = fields(one);
      const variables = Object.entries(fields(container["variables"]));
      return [
        ...variables.filter(([name, value]) => signOf(name, text(value) ?? "") !== undefined),
        ...Object.values(fields(container["files"])).flatMap((content) =>
          secretsIn(text(fields(content)["content"]) ?? ""),
        ),
        ...list(container["args"]).flatMap((arg) => secretsIn(text(arg) ?? "")),
      ];
    });
  });
  expect(taken).toEqual([]);
});
