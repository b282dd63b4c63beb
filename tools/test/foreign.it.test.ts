import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Change } from "../../stacks/contract/result.ts";
import { isOp } from "../../stacks/report/summary.ts";
import { apiOf } from "./api.ts";
import { examples, FOREIGN_SPEC, IMAGES, present, stage } from "./foreign-examples.ts";
import { testRoot } from "./root.ts";

if (!present) process.stdout.write("left out: ../shared/fixtures/score is not here\n");

describe.runIf(present)("Score documents that other people wrote", () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  const EXAMPLES = examples();

  test("are all 41 of them", () => {
    const files = EXAMPLES.flatMap(({ services }) =>
      Object.values(services).flatMap(([folder, ...names]) =>
        names.map((name) => `${folder}/${name}`),
      ),
    );
    expect(new Set(files).size).toBe(41);
  });

  test.each(EXAMPLES)(
    "$title is deployed, ready, clean afterwards and removed without a remainder",
    async (example) => {
      const { title, services } = example;
      const staged = mkdtempSync(path.join(tmpdir(), "fairway-foreign-"));
      folders.push(staged);
      stage(example, staged);
      const root = testRoot({
        environment: FOREIGN_SPEC,
        services: Object.fromEntries(
          Object.keys(services).map((name) => [name, path.join(staged, name)]),
        ),
      });
      const images = title in IMAGES ? ["--image", IMAGES[title]!] : [];
      try {
        const up = await root.json("up", "--all", ...images);
        expect({ title, exit: up.exit, problems: up.problems }).toEqual({
          title,
          exit: 0,
          problems: [],
        });
        const api = await apiOf();
        const names = (up.data!["stacks"] as { stack: string }[]).map(
          ({ stack }) => stack.split(".")[0]!,
        );
        const unready = (await api.workloads(names)).filter((workload) => !workload.ready);
        expect(unready).toEqual([]);
        const preview = await root.json("preview", "--all", ...images);
        const changes = (preview.data!["stacks"] as { changes: Change[] }[]).flatMap((stack) =>
          stack.changes.filter((change) => isOp(change.op)),
        );
        expect({ exit: preview.exit, changes }).toEqual({ exit: 0, changes: [] });
        const destroy = await root.json("destroy", "--all", "--yes");
        expect({ exit: destroy.exit, problems: destroy.problems }).toEqual({
          exit: 0,
          problems: [],
        });
        expect(await api.objectsOf(names.filter((name) => name !== "platform"))).toEqual([]);
      } finally {
        await root.fairway("destroy", "--all", "--yes", "--quiet");
        root.remove();
      }
    },
  );
});
