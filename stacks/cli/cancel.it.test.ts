import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { apiOf } from "../../tools/test/api.ts";
import { testRoot, type Document } from "../../tools/test/root.ts";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { openApiProxy } from "../providers/kubernetes/api-proxy.ts";
import { leaseOf } from "../state/lease.ts";

const descriptor = (name: string): string => `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: ${name}
spec:
  type: microservice
  language: node
  owner: shop
  image: registry.example.com/${name}:1.0
`;
const FIRST = "cancel-twice-a";
const SECOND = "cancel-twice-b";
const DEPLOYMENT = `/apis/apps/v1/namespaces/${FIRST}/deployments/${FIRST}`;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** Resolves once it holds; the test's own timeout is the only limit. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

test("two Ctrl-C end an `up` whose request never gets an answer; the next `up` ends clean", async () => {
  const proxy = await openApiProxy(process.env["FAIRWAY_TEST_KUBECONFIG"]!);
  closing.push(() => proxy.close());
  const folder = mkdtempSync(path.join(tmpdir(), "fairway-proxied-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(kubeconfig, proxy.kubeconfig);
  const root = testRoot({ kubeconfig });
  closing.push(() => root.remove());
  closing.push(() => root.fairway("destroy", "--all", "--yes"));
  for (const name of [FIRST, SECOND]) root.write(`services/${name}/service.yaml`, descriptor(name));
  const api = await apiOf();

  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  closing.push(answer);
  let held = false;
  proxy.fault(({ method, path: asked }) => {
    if (method !== "PATCH" || !asked.startsWith(DEPLOYMENT) || asked.includes("dryRun")) return;
    held = true;
    return { until: answered };
  });
  const bin = path.join(checkoutRoot(), "fairway.mjs");
  const args = [bin, "up", "--all", "--parallel", "1", "--json", "--root", root.folder];
  const child = spawn(process.execPath, args, { env: { ...process.env, CI: "true" } });
  closing.push(() => child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise((resolve) => child.once("close", resolve));

  await until(() => held);
  child.kill("SIGINT");
  // The engine tells that it took the first; a second one before that would be the same signal to it.
  await until(() => eventsOf(root.folder, `${FIRST}.local`).includes("^C received; cancelling"));
  await until(() => stderr.includes("cancelling: what runs ends in order"));
  expect(child.exitCode).toBe(null);
  expect(leaseOf(root.folder, `${FIRST}.local`)?.operation).toBe("up");
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(stderr).toContain("breaking off: the next run repairs what is left");

  const document = JSON.parse(stdout) as Document;
  const stacks = document.data?.["stacks"] as { stack: string; status: string }[];
  expect(
    stacks.filter(({ stack }) => !stack.startsWith("platform")).map(({ status }) => status),
  ).toEqual(["cancelled", "cancelled"]);
  expect(await api.objectsOf([SECOND])).toEqual([]);
  for (const name of [FIRST, SECOND]) expect(leaseOf(root.folder, `${name}.local`)).toBe(undefined);
  expect(filesIn(path.join(root.folder, ".fairway"), /[/\\]locks[/\\].*\.json$/)).toEqual([]);

  // What was on its way arrives after all: an object that no state knows.
  answer();
  await until(async () => (await api.objectsOf([FIRST])).includes(`Deployment ${FIRST}/${FIRST}`));
  const again = await root.json("up", "--all");
  expect({ exit: again.exit, problems: again.problems }).toEqual({ exit: 0, problems: [] });
  expect((await api.workloads([FIRST, SECOND])).map(({ ready }) => ready)).toEqual([true, true]);
  const destroy = await root.json("destroy", "--all", "--yes");
  expect({ exit: destroy.exit, problems: destroy.problems }).toEqual({ exit: 0, problems: [] });
  expect(await api.objectsOf([FIRST, SECOND])).toEqual([]);
});

function filesIn(folder: string, name: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    name.test(file),
  );
}

/** What the engine told so far of the update of a stack. */
function eventsOf(folder: string, stack: string): string {
  const runs = path.join(folder, ".fairway", "runs");
  return readdirSync(runs)
    .map((run) => path.join(runs, run, `${stack}.update.jsonl`))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "utf8"))
    .join("");
}
