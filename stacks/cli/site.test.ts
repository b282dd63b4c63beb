import { expect, test } from "vitest";
import { testEnvironment } from "../plan/testing.ts";
import { siteOf } from "./site.ts";
import { contextOf, input, problemsOf } from "./testing.ts";

const prod = testEnvironment("prod", {
  cluster: { eks: "company" },
  cloud: {
    provider: "aws",
    region: "eu-central-1",
    account: "111122223333",
    eks: { adopt: { mode: "auto", clusterSecurityGroup: "sg-1" } },
  },
  state: { backend: "s3://state" },
});
const context = contextOf("/root", { env: { HOME: "/nowhere" } });

test("what only looks rehearses by itself where credentials are missing, and says why", () => {
  const site = siteOf(context, input([]), prod, "looks");
  expect(site.because).toBe(
    "nothing was contacted, since there is no key, no AWS credentials, no kubeconfig here",
  );
  expect(site.context.root).toBe("/root/.fairway/rehearsal/prod");
  expect(site.environment.state).toEqual({});
});

test("what acts is refused with everything that is missing, unless it is asked to rehearse", async () => {
  const [problem, ...more] = await problemsOf(() => siteOf(context, input([]), prod, "acts"));
  expect(more).toEqual([]);
  for (const word of ["FW5031", "FAIRWAY_KEY", "s3://state", "111122223333", "kubeconfig"])
    expect(problem).toContain(word);
  const asked = siteOf(context, input([], { rehearse: true }), prod, "acts");
  expect(asked).toMatchObject({ because: "nothing was contacted", looks: false });
});

test("an environment elsewhere is worked on for real, whatever is missing", () => {
  const test = testEnvironment("test", { cluster: { context: "kind" } });
  expect(siteOf(context, input([]), test, "acts")).toEqual({ context, environment: test });
});
