import { expect, test } from "vitest";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import { contextOf, input, problemsOf } from "../testing.ts";
import { isDockerConfig, run } from "./secret-set.ts";

const REGISTRY = "registry.example.com";
const planted = "planted-hunter2";

test.each([
  [{ auths: { [REGISTRY]: { auth: "dXNlcjpwYXNz" } } }, true],
  [{ auths: { [REGISTRY]: { username: "user", password: "pass" } } }, true],
  [{ auths: { [REGISTRY]: { username: "user" } } }, false],
  [{ auths: { [REGISTRY]: {} }, credsStore: "desktop" }, false],
  [{ auths: {} }, false],
  [{ [REGISTRY]: { auth: "dXNlcjpwYXNz" } }, false],
  [[], false],
  [null, false],
])("a docker configuration holds credentials: %j is %s", (config, right) => {
  expect(isDockerConfig(JSON.stringify(config))).toBe(right);
});

test("a pull secret that is no docker configuration is refused and not shown", async () => {
  const context = contextOf(checkoutRoot(), { stdin: async () => planted });
  const found = await problemsOf(() => run(context, input([], { pull: "registry", env: "prod" })));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^FW7016 standard input is no docker configuration/);
  expect(found[0]).not.toContain(planted);
});

test("a pull secret that the environment does not name is refused", async () => {
  const act = (pull: string, env: string) =>
    problemsOf(() => run(contextOf(checkoutRoot()), input([], { pull, env })));
  expect(await act("mirror", "prod")).toEqual([
    "FW7015 `prod` pulls with no secret `mirror`: registry | add it: `images: {pullSecrets: [mirror]}`",
  ]);
  expect(await act("registry", "local")).toEqual([
    "FW7015 `local` pulls with no secret `registry` | add it: `images: {pullSecrets: [registry]}`",
  ]);
});

test.each([
  [[], {}],
  [["shop-api"], {}],
  [["shop-api", "stripe"], { pull: "registry" }],
])("either a service's secret or a pull secret is named: %j %j", async (operands, flags) => {
  expect((await problemsOf(() => run(contextOf("/"), input(operands, flags))))[0]).toMatch(
    /^FW7003 /,
  );
});
