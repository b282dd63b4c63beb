import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { run as plan } from "../../stacks/cli/commands/plan.ts";
import { run as importScore } from "../../stacks/cli/commands/score-import.ts";
import { contextOf, input } from "../../stacks/cli/testing.ts";
import type { Plan } from "../../stacks/contract/plan.ts";
import { FairwayError } from "../../stacks/contract/problem.ts";
import { ENVIRONMENTS, examples, IMAGES, present, rootOf } from "./foreign-examples.ts";

if (!present) process.stdout.write("left out: ../shared/fixtures/score is not here\n");

describe.runIf(present)("Score documents that other people wrote", () => {
  const roots: string[] = [];
  afterAll(() => roots.forEach((root) => rmSync(root, { recursive: true, force: true })));

  test.each(examples())("$title is planned in every environment", async (example) => {
    const root = rootOf(example);
    roots.push(root);
    const { title } = example;
    const images = title in IMAGES ? [IMAGES[title]!] : [];
    const found = await plan(contextOf(root), input([], { image: images })).catch(
      (error: unknown) => {
        if (!FairwayError.is(error)) throw error;
        return { data: { plans: [] }, problems: error.problems };
      },
    );
    expect({ title, problems: found.problems ?? [] }).toEqual({ title, problems: [] });
    const { plans } = found.data as { plans: readonly Plan[] };
    const services = plans.filter(({ kind }) => kind === "service");
    expect(services).toHaveLength(ENVIRONMENTS.length * Object.keys(example.services).length);
    expect(services.flatMap(({ refusals }) => refusals)).toEqual([]);
  });
});

describe.runIf(present)("Score documents of others as ServiceRequests", () => {
  const roots: string[] = [];
  afterAll(() => roots.forEach((root) => rmSync(root, { recursive: true, force: true })));

  test.each(examples())("$title is imported, and what comes out is planned", async (example) => {
    const root = rootOf(example);
    roots.push(root);
    const given = path.join(root, "given");
    renameSync(path.join(root, "services"), given);
    const files = Object.entries(example.services).flatMap(([name, [, ...documents]]) =>
      documents.map((file) => path.join(given, name, file)),
    );
    const imported = await importScore(contextOf(root), input(files, { write: true }));
    const written = (imported.data as { documents: { file: string }[] }).documents;
    expect(written).toHaveLength(files.length);
    const { data } = await plan(contextOf(root), input([], { env: "local" }));
    const { plans } = data as { plans: readonly Plan[] };
    expect(plans.filter(({ kind }) => kind === "service")).toHaveLength(files.length);
  });
});
