import { expect, test } from "vitest";
import { environmentSchema } from "./environment.ts";
import { ENVIRONMENT_DEFAULTS } from "./environment-defaults.ts";

test("every default of an environment has a reason, and every reason a default", () => {
  const said = {
    cluster: { embedded: true },
    domain: "example.test",
    registry: "registry.example.test",
    registries: ["*"],
    resources: [],
  };
  const { spec } = environmentSchema.parse({
    apiVersion: "platform.company.com/v1",
    kind: "Environment",
    metadata: { name: "test" },
    spec: said,
  });
  const pathsIn = (value: unknown, at: string): string[] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? [at, ...Object.entries(value).flatMap(([key, below]) => pathsIn(below, `${at}.${key}`))]
      : [at];
  const filled = Object.entries(spec)
    .filter(([key]) => !Object.hasOwn(said, key))
    .flatMap(([key, value]) => pathsIn(value, key));
  expect(Object.keys(ENVIRONMENT_DEFAULTS).sort()).toEqual(filled.sort());
});
