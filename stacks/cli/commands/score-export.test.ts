import { afterEach, expect, test } from "vitest";
import { parse } from "yaml";
import { FairwayError } from "../../contract/problem.ts";
import {
  environmentFile,
  makeRoot,
  removeRoots,
  requestFile,
  scoreFile,
} from "../../load/root.fixture.ts";
import { contextOf, input } from "../testing.ts";
import { run as importScore } from "./score-import.ts";
import { run as exportScore } from "./score-export.ts";

afterEach(removeRoots);

const ENVIRONMENT = environmentFile("test").replace(
  "resources: []",
  "resources: [{ type: redis, driver: redis-cluster }]",
);

test("a service is printed as a Score document, with its outputs as variables and notes at their lines", async () => {
  const root = makeRoot({
    "environments/test.yaml": ENVIRONMENT,
    "services/a/service.yaml": requestFile(
      "  type: worker\n  cache: redis\n  slo: { availability: 99 }\n  environments:\n    test: { tier: critical }\n",
      "a1",
    ),
  });
  const { text, notes, exit } = await exportScore(contextOf(root), input(["a1"], { env: "test" }));
  expect(exit).toBe(0);
  expect(parse(text)).toMatchObject({
    apiVersion: "score.dev/v1b1",
    metadata: { name: "a1", annotations: { "fairway.dev/tier": "critical" } },
    containers: { main: { image: ".", variables: { CACHE_HOST: "${resources.cache.host}" } } },
    resources: { cache: { type: "redis" } },
  });
  expect(notes?.map(({ code, file, line }) => [code, file, line])).toEqual([
    ["FW7043", "services/a/service.yaml", 8],
  ]);
});

test("what cannot be planned is told at its line, and so is what other environments have", async () => {
  const root = makeRoot({
    "environments/test.yaml": ENVIRONMENT,
    "environments/more.yaml": environmentFile("more"),
    "services/a/score.yaml": `${scoreFile("", "a1")}resources:
  cache: { type: redis, params: { sise: small } }
`,
    "services/b/service.yaml": requestFile(
      "  type: worker\n  environments:\n    more: { tier: critical }\n",
      "b1",
    ),
  });
  const found = await exportScore(contextOf(root), input(["a1"], { env: "test" })).then(
    () => [],
    (error: unknown) => (FairwayError.is(error) ? error.problems : []),
  );
  expect(found.map(({ code, file, line, column }) => [code, file, line, column])).toEqual([
    ["FW3003", "services/a/score.yaml", 8, 41],
  ]);
  const { notes } = await exportScore(contextOf(root), input(["b1"], { env: "test" }));
  expect(notes?.map(({ code, line }) => [code, line])).toEqual([["FW7043", 7]]);
});

test("what was exported is imported again", async () => {
  const root = makeRoot({
    "environments/test.yaml": ENVIRONMENT,
    "services/a/service.yaml": requestFile("  type: worker\n  cache: redis\n", "a1"),
  });
  const out = `${root}/score.yaml`;
  await exportScore(contextOf(root), input(["a1"], { env: "test", out }));
  const { text, notes } = await importScore(contextOf(root), input([out]));
  expect(parse(text)).toMatchObject({
    kind: "ServiceRequest",
    metadata: { name: "a1" },
    spec: { type: "worker", uses: { cache: { type: "redis" } } },
  });
  expect(notes?.map(({ path }) => path)).toEqual(["resources"]);
});
