import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { Verdict } from "../contract/finding.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { planWorkspace } from "../plan/workspace.ts";
import { record } from "../record/record.ts";
import { judge } from "./judge.ts";
import { locate } from "./locate.ts";
import { settingsOf } from "./settings.ts";

const dirs: string[] = [];
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

const HEAD = `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: user-service
spec:
  type: microservice
  language: java
`;

/** What is found in a root with the house's environments and one descriptor: rule, and `line: text` of its place. */
async function found(
  descriptor: string,
  { file = "service.yaml", environment = "local", release = "" } = {},
) {
  const root = mkdtempSync(join(tmpdir(), "fairway-locate-"));
  dirs.push(root);
  const folder = join(root, "services/user-service");
  mkdirSync(folder, { recursive: true });
  cpSync(
    join(checkoutRoot(), `environments/${environment}.yaml`),
    join(root, `environments/${environment}.yaml`),
  );
  writeFileSync(join(folder, file), descriptor);
  if (release !== "") writeFileSync(join(folder, "release.yaml"), release);
  const workspace = await loadWorkspace(root);
  expect(workspace.problems).toEqual([]);
  const { plans, problems } = planWorkspace(workspace, { environments: [environment] });
  expect(problems).toEqual([]);
  const plan = plans.find((one) => one.name === "user-service")!;
  const settings = settingsOf(workspace.environments[environment]!);
  const verdicts = locate(judge(await record(plan), settings), plan, workspace);
  return verdicts.filter(({ outcome }) => outcome === "fail").map(told);
}
const told = ({ rule, at }: Verdict) =>
  `${rule} ${at ? `${at.file.split("/").slice(-2).join("/")}:${at.line} ${at.path}` : "nowhere"}`;

describe("a verdict's place", () => {
  test("is the line of the patch that wrote the value", async () => {
    const patch = `  patches:
    - kind: Deployment
      merge:
        spec:
          template:
            spec:
              hostNetwork: true
`;
    expect(await found(HEAD + patch)).toEqual([
      "host-namespaces user-service/service.yaml:14 spec.patches.0.merge.spec.template.spec.hostNetwork",
    ]);
  });

  test("is the list that the patch replaced, for what is missing in it", async () => {
    const patch = `  patches:
    - kind: Deployment
      merge:
        spec: { template: { spec: { volumes: [{ name: a, hostPath: { path: / } }] } } }
`;
    expect(await found(HEAD + patch)).toEqual([
      expect.stringMatching(/^host-path user-service\/service.yaml:11 spec.patches.0.merge.spec/),
    ]);
  });

  test("is the image that the descriptor names", async () => {
    expect(await found(`${HEAD}  image: ghcr.io/evil/user-service:latest\n`)).toEqual([
      "image-tag user-service/service.yaml:8 spec.image",
      "registries user-service/service.yaml:8 spec.image",
    ]);
  });

  test("is the release that names the image", async () => {
    const release = `services:
  user-service:
    environments:
      local:
        containers:
          main: ghcr.io/evil/user-service:1
`;
    expect(await found(HEAD, { release })).toEqual([
      "registries user-service/release.yaml:6 services.user-service.environments.local.containers.main",
    ]);
  });

  test("is the variable that holds a secret", async () => {
    expect(await found(`${HEAD}  env:\n    A: "1"\n    API_TOKEN: hunter2\n    B: "2"\n`)).toEqual([
      "secret-literals user-service/service.yaml:10 spec.env.API_TOKEN",
    ]);
  });

  test("is the variable of the container in a Score document", async () => {
    const score = `apiVersion: score.dev/v1b1
metadata:
  name: user-service
containers:
  api:
    image: registry.example.com/api:1
    livenessProbe: { httpGet: { path: /, port: 8080 } }
    readinessProbe: { httpGet: { path: /, port: 8080 } }
    variables:
      API_TOKEN: hunter2
  side:
    image: registry.example.com/side:latest
`;
    expect(await found(score, { file: "score.yaml" })).toEqual([
      "image-tag user-service/score.yaml:12 containers.side.image",
      "probes user-service/score.yaml:11 containers.side",
      "probes user-service/score.yaml:11 containers.side",
      "secret-literals user-service/score.yaml:10 containers.api.variables.API_TOKEN",
    ]);
  });

  test("is what asked for the resource whose object breaks a rule", async () => {
    const uses = `  uses:
    sessions: { type: redis, params: { image: "ghcr.io/evil/redis:7" } }
`;
    expect(await found(HEAD + uses)).toEqual([
      expect.stringMatching(/^registries user-service\/service.yaml:9 spec.uses.sessions/),
    ]);
  });
});
