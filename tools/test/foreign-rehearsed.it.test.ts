import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Change } from "../../stacks/contract/result.ts";
import { isOp } from "../../stacks/report/summary.ts";
import { ENVIRONMENTS, IMAGES, present, rootOfAll } from "./foreign-examples.ts";
import { runFairway, type Document } from "./root.ts";

if (!present) process.stdout.write("left out: ../shared/fixtures/score is not here\n");

describe.runIf(present)("Score documents that other people wrote, without credentials", () => {
  let all: ReturnType<typeof rootOfAll>;
  beforeAll(() => void (all = rootOfAll()));
  afterAll(() => rmSync(all.root, { recursive: true, force: true }));

  test.each(ENVIRONMENTS.filter((name) => name !== "local"))(
    "are previewed in %s, rehearsed",
    async (env) => {
      expect(all.services).toHaveLength(41);
      const images = Object.values(IMAGES).flatMap((image) => ["--image", image]);
      const flags = ["--env", env, "--rehearse", "--root", all.root, "--json", ...images];
      const { stdout, stderr } = await runFairway("preview", "--all", ...flags);
      expect({ env, stderr, silent: stdout === "" }).toMatchObject({ silent: false });
      const { exit, problems, data, rehearsed } = JSON.parse(stdout) as Document;
      expect({ env, exit, problems, rehearsed }).toEqual({
        env,
        exit: 0,
        problems: [],
        rehearsed: true,
      });
      const stacks = data!["stacks"] as { stack: string; status: string; changes: Change[] }[];
      const shown = stacks.filter(
        ({ status, changes }) => status === "succeeded" && changes.some(({ op }) => isOp(op)),
      );
      expect(shown.map(({ stack }) => stack)).toEqual(
        expect.arrayContaining(all.services.map((name) => `${name}.${env}`)),
      );
    },
    900_000,
  );
});
