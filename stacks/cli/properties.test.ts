import { afterEach, expect, test } from "vitest";
import type { Plan } from "../contract/plan.ts";
import {
  environmentFile,
  makeRoot,
  removeRoots,
  requestFile,
  scoreFile,
} from "../load/root.fixture.ts";
import { run as plan } from "./commands/plan.ts";
import { run as validate } from "./commands/validate.ts";
import { contextOf, input, problemsOf } from "./testing.ts";

afterEach(removeRoots);

const root = () =>
  makeRoot({
    "environments/test.yaml": environmentFile("test"),
    "services/web/score.yaml": scoreFile(""),
    "services/api/service.yaml": requestFile("  type: web\n", "api"),
  });
const flags = (...texts: string[]) => ({ "override-property": texts });

test("--override-property changes the plan of the one service, and the plan says that a flag did", async () => {
  const { data } = await plan(
    contextOf(root()),
    input(["web"], flags("containers.app.image=registry.test/app:2")),
  );
  const [found] = (data as { plans: Plan[] }).plans.filter(({ kind }) => kind === "service");
  expect(found?.images).toEqual({ app: { image: "registry.test/app:2", from: "descriptor" } });
  const workload = found?.items.find(({ id }) => id === "workload");
  expect(workload?.origins["containers.0.image"]).toEqual({
    from: "flag",
    flag: "--override-property containers.app.image",
  });
});

test("validate judges the document with what --override-property says", async () => {
  const { exit, problems } = await validate(
    contextOf(root()),
    input([], flags("web/containers.app.before.side.ready=healthy")),
  );
  expect([exit, problems?.map(({ code, file, path }) => [code, file, path])]).toEqual([
    3,
    [["FW1302", "--override-property", "containers.app.before.side"]],
  ]);
});

test("--override-property names a Score document", async () => {
  const context = contextOf(root());
  const said = (...texts: string[]) =>
    problemsOf(() => validate(context, input([], flags(...texts))));
  expect(await said("a=b")).toEqual([
    "FW7041 `--override-property a=b` fits one service, and several are meant | name one service, or write `--override-property SERVICE/a=b`",
  ]);
  expect(await said("api/spec.type=worker", "wep/a=b")).toEqual([
    "FW7042 `--override-property` names api, which is a ServiceRequest | write the value under spec.environments of its service.yaml",
    "FW7006 `--override-property` names `wep`, which is no service | did you mean `web`?",
  ]);
});
