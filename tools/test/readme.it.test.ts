import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestCluster, startTestCluster } from "../cluster/test-cluster.ts";
import { checkoutRoot } from "../setup/checkout.ts";
import { apiOf } from "./api.ts";
import { testRoot, type Ran, type TestRoot } from "./root.ts";

const README = readFileSync(path.join(checkoutRoot(), "README.md"), "utf8");
const DESCRIPTOR = "services/cart/service.yaml";

/** The command of a numbered step of "Add a service". */
function stepOf(number: number): string {
  const line = README.split("\n").find((each) => each.startsWith(`${number}. `));
  return /`npx fairway ([^`]+)`/.exec(line ?? "")?.[1] ?? "";
}

let root: TestRoot;
let cluster: TestCluster;
beforeAll(async () => {
  // A service of another test has the name of the README's.
  cluster = await startTestCluster();
  root = testRoot({ kubeconfig: cluster.kubeconfig });
});
afterAll(async () => {
  root?.remove();
  await cluster?.stop();
});

const walk = async (line: string): Promise<Ran> => {
  const ran = await root.fairway(...line.split(" "));
  return { ...ran, stderr: ran.stderr.replaceAll(/^[✓✗] .*\n/gmu, "") };
};

test("the README's steps do what it says, in order", async () => {
  const made = await walk(stepOf(1));
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(made.stdout.match(/services\/cart\/\S+/g)).toEqual([
    "services/cart/api/openapi.yaml",
    "services/cart/docs/index.md",
    DESCRIPTOR,
  ]);

  const plan = await walk(stepOf(2));
  expect(plan.code).toBe(0);
  expect(plan.stdout).toMatch(/workload: web-service {2}← services\/cart\/service.yaml:\d+ type/);
  expect(plan.stdout).toContain("← default: ");
  expect(plan.stdout).toContain("← environments/local.yaml:");

  // A cluster that is not ours brings its own monitoring operator; the one of this test has none.
  root.write(DESCRIPTOR, root.read(DESCRIPTOR).replace("  monitoring: enabled\n", ""));
  const up = await walk(stepOf(3));
  expect(up).toMatchObject({ code: 0, stderr: expect.not.stringContaining("error") });
  expect(up.stdout).toMatch(/✓ cart\.local {2}\d+ created/);
  expect(await (await apiOf(cluster.kubeconfig)).objectsOf(["cart"])).toContain(
    "Deployment cart/cart",
  );

  root.write(DESCRIPTOR, root.read(DESCRIPTOR).replace("    max: 4", "    max: 5"));
  const preview = await walk(stepOf(4).replace(/^.*(preview cart)$/, "$1"));
  expect(preview.code).toBe(0);
  expect(preview.stdout.match(/^ {4}[+~±-] .*$/gm)).toEqual([
    "    ~ update kubernetes:autoscaling/v2:HorizontalPodAutoscaler cart/cart",
  ]);
});

test("a broken rule is told with its name, the descriptor's line and the way on, as text and as Markdown", async () => {
  const good = root.read(DESCRIPTOR);
  root.write(DESCRIPTOR, `${good}  image: registry.example.com/cart:latest\n`);
  const line = good.split("\n").length;
  const report = path.join(root.folder, "report.md");
  const ran = await walk(`preview cart --markdown ${report}`);
  expect(ran.code).toBe(4);
  expect(ran.stdout).toContain("✗ cart.local  refused: nothing was touched");
  expect(ran.stdout).toMatch(/ {4}refused image-tag \w+ Deployment /);
  expect(ran.stderr).toMatch(
    new RegExp(
      `^${DESCRIPTOR}:${line}:\\d+: error FW4001: image-tag: .*\\n +fix: \\S.* More: fairway explain image-tag`,
    ),
  );
  const markdown = root.read("report.md");
  expect(markdown).toMatch(
    /^## Fairway: preview of `local`\n\n\*\*⛔ refused\.\*\* 1 stack \(1 refused\)/,
  );
  expect(markdown).toMatch(
    new RegExp(
      `### Refused\\n\\n.*\\n.*\\n\\| \`${DESCRIPTOR}:${line}:\\d+\` \\| FW4001 image-tag: Deployment .* \\| Release the image by digest `,
    ),
  );
  expect(markdown).toContain("<details><summary><code>cart.local</code>: refused</summary>");
  expect(markdown).not.toContain("### Problems");
  root.write(DESCRIPTOR, good);
});

test("a mistyped field is told as the README shows it", async () => {
  root.write(DESCRIPTOR, root.read(DESCRIPTOR).replace("language:", "langauge:"));
  const report = path.join(root.folder, "report.md");
  expect((await walk(`preview cart --markdown ${report}`)).code).toBe(3);
  expect(root.read("report.md")).toMatch(
    /### Problems\n\n.*\n.*\n\| `services\/cart\/service.yaml:8:3`/,
  );
  const ran = await walk("validate cart");
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 3, stdout: "" });
  const shown = README.split("```text\n")
    .slice(1)
    .map((block) => block.split("```")[0]);
  expect(shown).toContain(ran.stderr);
});
