import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestRoot, testRoot } from "../../tools/test/root.ts";
import { buildModule } from "../engine/testing/setting.ts";
import { SDK_VERSION } from "../providers/kubernetes/version.ts";

const DESCRIPTOR = `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: with-plugin
spec:
  type: microservice
  language: node
  owner: shop
  image: registry.example.com/with-plugin:1.0
`;

const provider = buildModule("stacks/providers/kubernetes/index.ts");
let home: string;
let root: TestRoot;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "fairway-plugin-"));
  root = testRoot({ env: { PULUMI_HOME: home } });
  root.write("services/with-plugin/service.yaml", DESCRIPTOR);
});
afterAll(() => {
  root?.remove();
  rmSync(home, { recursive: true, force: true });
  provider.remove();
});

/** Puts a plugin where Pulumi installs them: a program that tells on its first line the port on which it serves. */
function install(version: string, serves: boolean): void {
  const folder = join(home, "plugins", `resource-kubernetes-v${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "plugin.mjs"),
    `import { serveKubernetes } from ${JSON.stringify(pathToFileURL(provider.module).href)};
const { port } = await serveKubernetes({ kubeconfig: process.env.KUBECONFIG });
console.log(port);
`,
  );
  const program = join(folder, "pulumi-resource-kubernetes");
  writeFileSync(
    program,
    `#!/bin/sh\necho ${version} >>"${home}/started"\n${serves ? `exec "${process.execPath}" "${folder}/plugin.mjs"` : "exit 3"}\n`,
  );
  chmodSync(program, 0o755);
}
/** Versions of the plugins that were started since the last question. */
function started(): string[] {
  const file = join(home, "started");
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trim().split("\n");
  rmSync(file);
  return [...new Set(lines)];
}
const preview = async (): Promise<readonly string[]> => {
  const { exit, problems, data } = await root.json("preview", "with-plugin");
  expect({ exit, problems }).toEqual({ exit: 0, problems: [] });
  const { stacks } = data as { stacks: { changes: { op: string; urn: string }[] }[] };
  return stacks.flatMap(({ changes }) => changes.map(({ op, urn }) => `${op} ${urn}`)).toSorted();
};

test("the Kubernetes plugin is used where the SDK's version is installed, and ours where it is not", async () => {
  install("4.0.0", true);
  const own = await preview();
  expect(own.length).toBeGreaterThan(10);
  expect(started()).toEqual([]);

  install(SDK_VERSION, true);
  expect(await preview()).toEqual(own);
  expect(started()).toEqual([SDK_VERSION]);
});

test("a Kubernetes plugin that does not run is no reason to take ours: the preview fails", async () => {
  install(SDK_VERSION, false);
  const { exit, problems } = await root.json("preview", "with-plugin");
  expect(exit).toBe(1);
  expect(JSON.stringify(problems)).toContain("pulumi-resource-kubernetes");
  expect(started()).toEqual([SDK_VERSION]);
});
