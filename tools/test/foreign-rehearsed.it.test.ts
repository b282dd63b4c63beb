import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ENVIRONMENTS, examples, IMAGES, present, rootOf } from "./foreign-examples.ts";
import { runFairway, type Document } from "./root.ts";

if (!present) process.stdout.write("left out: ../shared/fixtures/score is not here\n");

/** Production is the strictest; the others are previewed at full size. */
const PREVIEWED =
  process.env["FAIRWAY_TEST_SIZE"] === "full"
    ? ENVIRONMENTS.filter((name) => name !== "local")
    : ["prod"];

describe.runIf(present)("Score documents that other people wrote, without credentials", () => {
  test.each(examples().flatMap((example) => PREVIEWED.map((env) => ({ ...example, env }))))(
    "$title is previewed in $env, rehearsed",
    async ({ env, ...example }) => {
      const { title } = example;
      const root = rootOf(example);
      try {
        const images = title in IMAGES ? ["--image", IMAGES[title]!] : [];
        const flags = ["--env", env, "--rehearse", "--root", root, "--json", ...images];
        const { stdout, stderr } = await runFairway("preview", "--all", ...flags);
        expect({ title, stderr, silent: stdout === "" }).toMatchObject({ silent: false });
        const { exit, problems, data, rehearsed } = JSON.parse(stdout) as Document & {
          readonly rehearsed: boolean;
        };
        expect({ title, exit, problems, rehearsed }).toEqual({
          title,
          exit: 0,
          problems: [],
          rehearsed: true,
        });
        const stacks = (data!["stacks"] as { stack: string }[]).map(({ stack }) => stack);
        expect(stacks.length).toBeGreaterThan(Object.keys(example.services).length);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    },
  );
});
