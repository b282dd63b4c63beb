import {
  existsSync,
  mkdtempSync,
  mkdirSync,
  cpSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkoutRoot } from "../setup/checkout.ts";
import type { Change } from "../../stacks/contract/result.ts";
import { isOp } from "../../stacks/report/summary.ts";
import { apiOf } from "./api.ts";
import { testRoot } from "./root.ts";

/** Score documents that other people wrote; they stand beside the checkout and are not part of it. */
const SCORE = path.join(checkoutRoot(), "..", "shared", "fixtures", "score");

/** Image rules that other people's examples do not meet. */
const ENVIRONMENT = {
  registries: ["*"],
  policies: {
    levels: {
      "image-tag": "advisory",
      "image-digest": "advisory",
      registries: "advisory",
      probes: "advisory",
    },
    unproven: "allow",
  },
};

/** Files that a document names and its author did not publish with it. */
const COMPANIONS: Readonly<Record<string, string>> = {
  "specification/files/fileA.txt": "I am fileA!\n",
};

const IMAGES: Readonly<Record<string, string>> = {
  "samples/traderx": "ingress/ingress=registry.example.com/traderx/ingress:1.0",
};

interface Example {
  readonly title: string;
  /** Folder in the root → folder below examples, and its files. */
  readonly services: Readonly<Record<string, readonly [folder: string, ...files: string[]]>>;
}

function examples(): Example[] {
  const all: Example[] = [];
  for (const group of ["resources", "specification"]) {
    for (const name of readdirSync(path.join(SCORE, "examples", group)).toSorted()) {
      all.push({
        title: `${group}/${name}`,
        services: { [name]: [`${group}/${name}`, "score.yaml"] },
      });
    }
  }
  for (const sample of readdirSync(path.join(SCORE, "examples", "samples")).toSorted()) {
    const folders = readdirSync(path.join(SCORE, "examples", "samples", sample)).toSorted();
    const services = Object.fromEntries(
      folders.map((name) => [name, [`samples/${sample}/${name}`, "score.yaml"] as const]),
    );
    all.push({ title: `samples/${sample}`, services });
  }
  all.push({
    title: "samples/aks-store-demo/product with AI",
    services: {
      product: ["samples/aks-store-demo/product", "score-ai.yaml"],
      ai: ["samples/aks-store-demo/ai", "score.yaml"],
    },
  });
  return all;
}

const present = existsSync(SCORE);
if (!present) process.stdout.write("left out: ../shared/fixtures/score is not here\n");

describe.runIf(present)("Score documents that other people wrote", () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  const EXAMPLES = present ? examples() : [];

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
    async ({ title, services }) => {
      const staged = mkdtempSync(path.join(tmpdir(), "fairway-foreign-"));
      folders.push(staged);
      for (const [name, [folder, ...files]] of Object.entries(services)) {
        mkdirSync(path.join(staged, name));
        for (const file of files)
          cpSync(path.join(SCORE, "examples", folder, file), path.join(staged, name, file));
        for (const [companion, text] of Object.entries(COMPANIONS)) {
          if (path.posix.dirname(companion) === folder)
            writeFileSync(path.join(staged, name, path.posix.basename(companion)), text);
        }
      }
      const root = testRoot({
        environment: ENVIRONMENT,
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
